"""The colours of the charts, one set per theme; each reads against its background and to colour-blind eyes.

`server.toml` repeats them for Streamlit's own elements. Colour is never the only sign: whatever
it tells is also told by a shape, a word or a place.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Hex colours by what they mean, not by what they look like."""

    background: str
    text: str
    muted: str
    grid: str
    main: str
    alarm: str
    good: str
    second: str
    third: str
    quiet: str

    @property
    def categorical(self) -> tuple[str, ...]:
        """In the order in which series take them."""
        return (self.main, self.alarm, self.good, self.second, self.third, self.quiet)


LIGHT = Palette(
    background="#FFFFFF",
    text="#0B131C",
    muted="#55606F",
    grid="#E1E7ED",
    main="#0B63A5",
    alarm="#C2410C",
    good="#00755A",
    second="#8E4A8B",
    third="#7A5C00",
    quiet="#5C6878",
)
DARK = Palette(
    background="#11171F",
    text="#E8EDF3",
    muted="#A9B5C3",
    grid="#2A3644",
    main="#5AAEF0",
    alarm="#F0814E",
    good="#3DBE97",
    second="#D592D2",
    third="#D9B84A",
    quiet="#98A5B5",
)


def palette(theme: str | None) -> Palette:
    """The palette of a theme as Streamlit names it; light where the browser has not said."""
    return DARK if theme == "dark" else LIGHT
