"""What a function returns to a reader of another language; whoever calls it keeps their own."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from typing import ParamSpec, TypeVar

from dashboard.language import speak

Given, Answer = ParamSpec("Given"), TypeVar("Answer")


def in_language(
    code: str, make: Callable[Given, Answer], *args: Given.args, **options: Given.kwargs
) -> Answer:
    """What it returns in that language."""

    def run() -> Answer:
        speak(code)
        return make(*args, **options)

    return copy_context().run(run)
