"""How a signal ends a command: all that is open is closed, in a sentence, without a traceback."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from etl.messages import Message


@contextmanager
def end_on_signals(status: int | None = None, *, stopped: Message | None = None) -> Iterator[list[int]]:
    """SIGTERM and Ctrl+C end the command as any other end does; gives the numbers of signals that came.

    `status`: with which it ends then; None: with the one by which shells know what a signal ended. `stopped`:
    what is said then. What a signal interrupts may say so in an error of its own, as DuckDB does; that is no
    error here.
    """
    received: list[int] = []

    def end(number: int, _frame: object = None) -> None:
        if received:
            return  # what closes already is not torn open by a second signal
        received.append(number)
        sys.exit(128 + number if status is None else status)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield received
    except Exception:
        if not received:
            raise
        sys.exit(128 + received[0] if status is None else status)
    finally:
        if received and stopped is not None:
            from commands.output import print_notice  # imports what most ends do without

            print_notice(stopped)
        for number, handler in before.items():
            signal.signal(number, handler)
