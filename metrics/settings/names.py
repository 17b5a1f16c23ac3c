"""The names that settings are for: of channels, priorities and teams."""

from __future__ import annotations

from collections.abc import Iterator

from etl.health.setting_names import SettingName
from metrics.settings.model import Settings


def setting_names(settings: Settings) -> list[SettingName]:
    """Each name once, with the table of the settings that it stands in."""
    return list(dict.fromkeys(_names(settings)))


def _names(settings: Settings) -> Iterator[SettingName]:
    for target in settings.targets:
        yield from (SettingName("targets", "channel", name) for name in target.channels)
        yield from (SettingName("targets", "priority", name) for name in target.priorities)
    for schedule in settings.schedules:
        yield from (SettingName("schedules", "channel", name) for name in schedule.channels)
        yield from (SettingName("schedules", "team", name) for name in schedule.teams)
