"""Shades of one colour for the cells of a heat map, and a text colour that can be read on each."""

from __future__ import annotations

from dashboard.kit.charts.palette import Palette

_DARK, _LIGHT = "#000000", "#FFFFFF"


def mixed(first: str, second: str, part: float) -> str:
    """A hex colour between two others; 0 is the first, 1 the second."""
    parts = [round(a + (b - a) * part) for a, b in zip(_channels(first), _channels(second), strict=True)]
    return "#" + "".join(f"{each:02X}" for each in parts)


def shade(part: float, palette: Palette) -> str:
    """The colour of a cell whose value is this part, 0–1, of the highest."""
    return mixed(palette.background, palette.alarm, 0.06 + 0.84 * min(max(part, 0.0), 1.0))


def readable_on(colour: str) -> str:
    """Dark or light, whichever stands out more."""
    return max((_DARK, _LIGHT), key=lambda text: contrast(text, colour))


def contrast(first: str, second: str) -> float:
    """The contrast of two colours, 1 to 21: WCAG 2.2, relative luminance."""
    low, high = sorted(map(_luminance, (first, second)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (v / 255 for v in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
