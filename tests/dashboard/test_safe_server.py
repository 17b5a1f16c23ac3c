"""The server is safe wherever it is started: nothing around it can weaken what `server.toml` says."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from streamlit.proto.NewSession_pb2 import Config
from websockets.exceptions import InvalidStatus

from dashboard.server_settings import server_options
from tests.dashboard.browsing import address_of, first_page, settle, stream

HOSTILE = """
[server]
address = "0.0.0.0"
allowedHosts = ["*"]
enableCORS = false
enableXsrfProtection = false
enableStaticServing = true
enableAgentApi = true
cookieSecret = "known"
[client]
showErrorDetails = "full"
toolbarMode = "developer"
disableDataExport = false
[browser]
gatherUsageStats = true
[theme.light]
primaryColor = "#FF0000"
"""
VARIABLES = {
    "STREAMLIT_SERVER_ADDRESS": "0.0.0.0",  # noqa: S104 - what must not come true
    "STREAMLIT_SERVER_ALLOWED_HOSTS": "*",
    "STREAMLIT_SERVER_ENABLE_CORS": "false",
    "STREAMLIT_SERVER_ENABLE_AGENT_API": "true",
    "STREAMLIT_SERVER_COOKIE_SECRET": "known",
    "STREAMLIT_CLIENT_SHOW_ERROR_DETAILS": "full",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "true",
}
WHAT_HOLDS = """
import json
from streamlit import config, secrets
from dashboard.server_settings import apply_settings
apply_settings()
print(json.dumps({
    "options": {name: option.value for name, option in config.get_config_options().items()},
    "defaults": {name: option.value for name, option in config._config_options_template.items()},
    "secrets": secrets.load_if_toml_exists(),
}))
"""


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A current folder, a home and an environment that would open Streamlit to everybody."""
    folder, home = tmp_path_factory.mktemp("current"), tmp_path_factory.mktemp("home")
    for place in (folder, home):
        (place / ".streamlit").mkdir()
        (place / ".streamlit" / "config.toml").write_text(HOSTILE)
        (place / ".streamlit" / "secrets.toml").write_text('[auth]\ncookie_secret = "known"\n')
    return {"cwd": folder, "env": os.environ | VARIABLES | {"HOME": str(home)}}


@pytest.fixture(scope="module")
def server(surroundings: dict[str, Any], warehouses: dict[str, Path]) -> Iterator[str]:
    """The address of a server that was started there."""
    command = [sys.executable, "-m", "stepsight", "serve", "--port", "0", "--warehouse"]
    command.append(str(warehouses["one ticket"]))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **surroundings) as process:
        yield address_of(process)
        process.terminate()


def get(address: str, host: str | None = None) -> tuple[int, Any, str]:
    request = urllib.request.Request(address, headers={"Host": host} if host else {})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers, refusal.read().decode()


def test_only_this_machine_reaches_it(server: str) -> None:
    port = int(server.rsplit(":")[-1])
    assert server == f"http://127.0.0.1:{port}"
    assert get(server)[0] == 200
    for other in ("127.0.0.2", "::1"):  # a server on all interfaces answers there
        with pytest.raises(OSError, match=r"refused|unavailable|Cannot assign"):
            socket.create_connection((other, port), timeout=5)


def test_every_answer_carries_safe_headers(server: str) -> None:
    for path in ("/", "/_stcore/health", "/nowhere/_stcore/nothing"):
        _, headers, _ = get(server + path)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Server" not in headers


def test_a_foreign_host_gets_a_sentence(server: str) -> None:
    for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "["):
        status, headers, text = get(server, host)
        assert status in {400, 403}, host
        assert headers["Content-Type"].startswith("text/plain")
    status, _, text = get(server, "evil.example")
    assert (status, "does not answer at this address" in text, server in text) == (403, True, True)
    with pytest.raises(InvalidStatus) as refused:
        stream(server, host="evil.example")
    assert refused.value.response.status_code == 403
    assert get(server, "LOCALHOST")[0] == 200


@pytest.mark.parametrize(
    "origin",
    [
        *("http://evil.example", "http://203.0.113.7", "http://localhost:3000", "http://127.0.0.1:1"),
        *("http://0.0.0.0:5", "http://x@localhost", "http://[evil", "null", "file://"),
    ],
)
def test_another_page_cannot_open_a_session(server: str, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        stream(server, origin=origin)
    assert refused.value.response.status_code == 403
    assert "Content-Security-Policy" in refused.value.response.headers


@pytest.mark.parametrize("host", ["evil.example@localhost", "127.0.0.1#evil", "localhost:abc", "localhost/x"])
def test_a_host_is_a_name_and_a_port(server: str, host: str) -> None:
    assert get(server, host)[0] in {400, 403}


def test_a_page_is_told_to_send_no_telemetry_and_has_our_theme(server: str) -> None:
    session = first_page(server)
    assert not session.config.gather_usage_stats
    assert session.config.toolbar_mode == Config.ToolbarMode.VIEWER
    assert session.custom_theme.light.primary_color == server_options()["theme.light.primaryColor"]


def test_a_page_asks_nothing_of_anybody_else(server: str, newcomer: Page) -> None:
    asked, said = [], []
    newcomer.on("request", lambda request: asked.append(request.url))
    newcomer.on("console", lambda message: said.append(message.text))
    newcomer.goto(server)
    settle(newcomer)
    assert asked
    assert not [url for url in asked if not url.startswith((server, "data:", "blob:"))]
    assert not [text for text in said if "Content Security Policy" in text]


def test_nothing_around_it_changes_an_option(surroundings: dict[str, Any]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WHAT_HOLDS], check=True, capture_output=True, text=True, **surroundings
    )
    held = json.loads(done.stdout)
    options, ours = held["options"], server_options()
    assert len(options.pop("server.cookieSecret")) == 64  # made by chance, not the known one
    assert {name: options[name] for name in ours} == ours
    assert not [name for name in options if options[name] != {**held["defaults"], **ours}[name]]
    assert held["secrets"] is False
