"""The command line's entry; the commands themselves stand in `commands/`."""

from __future__ import annotations

import signal


def main(arguments: list[str] | None = None) -> None:
    """Run a command: these arguments, or those of the process.

    Ctrl+C ends the process at once, as SIGTERM does, until the command is at work: nothing is to be closed.
    """
    interrupt = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from commands.main import run  # takes a moment to import

    try:
        run(arguments)
    finally:
        signal.signal(signal.SIGINT, interrupt)


if __name__ == "__main__":
    main()
