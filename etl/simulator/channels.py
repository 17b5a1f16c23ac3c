"""The channels: how busy, at which hours, how fast answered, how talkative, how often rated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.simulator.arrays import Floats

_OFFICE = (0, 0, 0, 0, 0, 0, 1, 3, 8, 12, 13, 12, 9, 9, 11, 11, 10, 8, 5, 3, 2, 1, 0, 0)
_ALL_DAY = (1, 1, 0, 0, 0, 1, 2, 4, 7, 9, 9, 8, 8, 7, 8, 8, 7, 7, 7, 7, 7, 6, 4, 2)
_EVENING = (2, 1, 1, 0, 0, 0, 1, 3, 5, 6, 6, 6, 7, 6, 6, 6, 7, 9, 10, 11, 11, 10, 7, 4)


@dataclass(frozen=True)
class Channel:
    """One way to reach the desk."""

    name: str
    share: float
    team: int
    """The team that mostly answers here, as a place in `agents.TEAMS`."""
    by_hour: tuple[int, ...]
    saturday: float
    sunday: float
    wait_seconds: float
    """Median wait for a person, in open time."""
    wait_spread: float
    exchanges: float
    """Mean number of further questions and answers."""
    bot_share: float
    unanswered: float
    offered: float
    rated: float
    is_live: bool = False
    """Both sides are there at the same time, so that nothing is written back and forth for days."""
    only_when_open: bool = False

    def hourly(self) -> Floats:
        """Demand per hour of the day."""
        return np.array(self.by_hour, dtype=np.float64)

    def daily(self) -> Floats:
        """Demand per day of the week, Monday first."""
        return np.array([1.25, 1.08, 1.0, 0.98, 0.94, self.saturday, self.sunday])


# fmt: off
CHANNELS: tuple[Channel, ...] = (
    #        name      share team hours  Sat.  Sun.   wait   spread more  bot  unanswered offered rated
    Channel("phone",    33, 0, _OFFICE,  0.4,  0.12, 48,         0.9, 0.0,  0.0,  0.02,  0.45, 0.22,
            is_live=True, only_when_open=True),
    Channel("email",    22, 1, _ALL_DAY, 0.5,  0.4,  3.2 * 3600, 0.8, 0.55, 0.0,  0.006, 0.9,  0.19),
    Channel("chat",     16, 2, _ALL_DAY, 0.6,  0.5,  85,         0.8, 2.2,  0.85, 0.01,  0.85, 0.33,
            is_live=True),
    Channel("whatsapp", 10, 2, _EVENING, 0.9,  0.85, 10 * 60,    0.9, 1.3,  0.7,  0.008, 0.8,  0.3),
    Channel("web",       8, 1, _ALL_DAY, 0.6,  0.5,  2.8 * 3600, 0.8, 0.5,  0.0,  0.006, 0.9,  0.19),
    Channel("social",    4, 2, _EVENING, 0.9,  0.9,  50 * 60,    1.0, 0.9,  0.0,  0.03,  0.3,  0.15),
    Channel("sms",       4, 2, _ALL_DAY, 0.6,  0.5,  20 * 60,    0.9, 0.7,  0.0,  0.012, 0.6,  0.25),
    Channel("telegram",  3, 2, _EVENING, 0.95, 0.95, 13 * 60,    0.9, 1.2,  0.6,  0.008, 0.7,  0.3),
)
# fmt: on
