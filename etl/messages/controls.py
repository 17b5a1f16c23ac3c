"""Signs in data that would take effect on a screen instead of being shown there."""

from __future__ import annotations

import re

_CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters, the escape sequences of terminals among them
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks that change the direction of what follows
    "\u2028\u2029\ud800-\udfff]"  # line and paragraph separators; halves of characters
)


def without_controls(text: str) -> str:
    r"""The text with every such sign as its escape: `\n`, `\x1b`, `\u202e`."""
    return _CONTROLS.sub(lambda sign: _escape(sign[0]), text)


def _escape(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")
