"""Commands typed in a shell, run one after another in a process that has imported the program.

Importing it anew for each would take most of their time. `python -m tests.served_commands SOCKET` serves;
`CLIENT`, run as `python -I -S -c CLIENT SOCKET ARGUMENT…`, hands its folder, environment, arguments and
streams over, and ends as the command ends.
"""

from __future__ import annotations

import json
import os
import socket
import socketserver
import sys
from importlib import import_module

import stepsight
from commands.main import COMMANDS

CLIENT = """
import json, os, socket, sys
call = {"folder": os.getcwd(), "environment": dict(os.environ), "arguments": sys.argv[2:]}
call = json.dumps(call).encode()
with socket.socket(socket.AF_UNIX) as server:
    server.connect(sys.argv[1])
    socket.send_fds(server, [len(call).to_bytes(8, "big")], [0, 1, 2])
    server.sendall(call)
    sys.exit(server.recv(1)[0])
"""


class _Command(socketserver.BaseRequestHandler):
    request: socket.socket

    def handle(self) -> None:
        size, streams, _, _ = socket.recv_fds(self.request, 8, 3)
        with self.request.makefile("rb") as content:
            call = json.loads(content.read(int.from_bytes(size, "big")))
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.chdir(call["folder"])
        os.environ.clear()
        os.environ.update(call["environment"])
        sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
        code = _exit_code(call["arguments"])
        for number in range(3):
            os.dup2(self.server.nothing, number)  # type: ignore[attr-defined]
        self.request.sendall(bytes([code]))


def _exit_code(arguments: list[str]) -> int:
    try:
        stepsight.main(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


class _Server(socketserver.UnixStreamServer):
    def __init__(self, path: str) -> None:
        self.nothing = os.open(os.devnull, os.O_RDWR)
        super().__init__(path, _Command)


if __name__ == "__main__":
    for module in COMMANDS:
        import_module(module)
    with _Server(sys.argv[1]) as server:
        server.serve_forever()
