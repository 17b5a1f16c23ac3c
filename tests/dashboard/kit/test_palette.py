"""Colours can be told from their ground and from each other, in both themes and by colour-blind eyes."""

from __future__ import annotations

from itertools import combinations

import pytest

from dashboard.kit.charts.palette import DARK, LIGHT, Palette, palette
from dashboard.server_settings import server_options

OPTIONS = server_options()
THEMES = [("light", LIGHT), ("dark", DARK)]
Colour = tuple[float, float, float]
# Viénot, Brettel & Mollon 1999: what remains of a colour for eyes without red, or without green, receptors.
BLINDNESS = {
    "protanopia": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deuteranopia": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
}


def linear(colour: str) -> Colour:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    weights = (0.2126, 0.7152, 0.0722)
    lights = sorted(sum(w * part for w, part in zip(weights, linear(c), strict=True)) for c in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def seen(colour: str, blindness: str) -> Colour:
    red, green, blue = (
        sum(w * part for w, part in zip(row, linear(colour), strict=True)) for row in BLINDNESS[blindness]
    )
    return red, green, blue


@pytest.mark.parametrize(("theme", "colours"), THEMES)
def test_every_mark_stands_out_three_to_one(theme: str, colours: Palette) -> None:
    assert all(contrast(colour, colours.background) >= 3 for colour in colours.categorical)


@pytest.mark.parametrize(("theme", "colours"), THEMES)
def test_every_text_stands_out_four_and_a_half_to_one(theme: str, colours: Palette) -> None:
    assert contrast(colours.text, colours.background) >= 4.5
    assert contrast(colours.muted, colours.background) >= 4.5


@pytest.mark.parametrize(("theme", "colours"), THEMES)
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_the_alarm_is_told_from_the_ordinary_by_colour_blind_eyes(theme, colours, blindness) -> None:
    for one, other in combinations((colours.main, colours.alarm), 2):
        first, second = seen(one, blindness), seen(other, blindness)
        assert max(abs(a - b) for a, b in zip(first, second, strict=True)) > 0.15


@pytest.mark.parametrize(("theme", "colours"), THEMES)
def test_the_settings_repeat_the_palette(theme: str, colours: Palette) -> None:
    assert OPTIONS[f"theme.{theme}.chartCategoricalColors"] == list(colours.categorical)
    assert OPTIONS[f"theme.{theme}.backgroundColor"] == colours.background
    assert OPTIONS[f"theme.{theme}.textColor"] == colours.text


@pytest.mark.parametrize(("theme", "colours"), THEMES)
def test_good_and_bad_changes_can_be_read_on_their_ground(theme: str, colours: Palette) -> None:
    ground = OPTIONS[f"theme.{theme}.backgroundColor"]
    for name in ("greenTextColor", "redTextColor", "grayTextColor", "linkColor"):
        assert contrast(OPTIONS[f"theme.{theme}.{name}"], ground) >= 4.5


def test_a_browser_that_names_no_theme_gets_the_light_one() -> None:
    assert palette(None) is LIGHT
