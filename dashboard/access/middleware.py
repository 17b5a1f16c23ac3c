"""What is done to every request: a foreign host is turned away, and every answer carries safe headers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_STREAMLIT_INLINE = "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='"
"""The one script in the text of Streamlit's page; a test in the browser notices when it changes."""

HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob: {_STREAMLIT_INLINE}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' blob: data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""The page loads nothing from elsewhere and sends nothing there, no other site shows it in a frame, and links
to elsewhere do not carry the address, which holds the filters."""


class SafeHeaders:
    """Adds the headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; the answer's head is changed on its way back."""

        async def send_safely(message: Message) -> None:
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, send_safely)


class AllowedHosts:
    """Answers only at names that are meant, and only pages of its own.

    A foreign name can be a site that points its own name here. A foreign page that opens a session would be
    checked by Streamlit, too, which lets other ports of this machine in and asks the internet for its own
    address.
    """

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or say in a sentence why not."""
        app = self._app
        if scope["type"] in {"http", "websocket"} and not self._is_meant(Headers(scope=scope)):
            app = PlainTextResponse(self._refusal(scope), status_code=403)
        await app(scope, receive, send)

    def _is_meant(self, headers: Headers) -> bool:
        host, origin = headers.get("host", "").lower(), headers.get("origin")
        name = _HOST.fullmatch(host)
        if name is None or name[1] not in self._hosts:
            return False
        return origin is None or origin.lower() in {f"http://{host}", f"https://{host}"}

    def _refusal(self, scope: Scope) -> str:
        _, port = scope.get("server") or (None, None)
        address = f"http://{self._hosts[0]}:{port}"
        return (
            "Stepsight does not answer at this address, so that no other site can reach your data through "
            f"your browser. Open {address} on the machine that it runs on.\n"
            "Stepsight ne répond pas à cette adresse, afin qu’aucun autre site n’atteigne vos données par "
            f"votre navigateur. Ouvrez {address} sur la machine où il tourne.\n"
        )


_HOST = re.compile(r"([a-z0-9.-]+)(?::[0-9]{1,5})?")
