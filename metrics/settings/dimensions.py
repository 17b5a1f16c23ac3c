"""Dimensions of the settings: names for custom attributes, by which numbers are split and filtered."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from etl.contract.events import COLUMNS, STORED, is_custom
from etl.messages import field_error

NAME = r"[a-z][a-z0-9_]{0,39}"
BUILT_IN = frozenset(
    {
        *("source", "channel", "team", "reason", "priority", "workflow", "version", "step", "title", "kind"),
        *("day", "week", "month", "weekday", "hour"),
        *("first_response_band", "first_response_business_band", "first_resolution_band"),
        *("resolution_band", "resolution_business_band"),
        *("answered_within", "reopened", "confused", "escalated"),
    }
)
"""The names of `metrics.catalog.dimensions`, which settings do not import; a test compares them."""
RESERVED = frozenset(
    {
        *("metric", "value", "n", "low", "high", "cut", "period", "dates"),
        *("group", "name", "most", "level", "km", "waiting", "broken_off"),
        *("dimension", "mix", "rate", "total"),
        *("counted_at", "opened_at", "first_response_at", "reopens", "is_open", "state", "label"),
        *("visits", "confusion_rate", "excess", "excess_share"),
        *("practice", "answers", "returns", "searches", "help", "run", "what", "detail", "marked"),
    }
)
"""Names that tables of numbers, commands and addresses of pages have for something else."""


def _custom_dimensions(by_name: dict[str, str]) -> dict[str, str]:
    for name, attribute in by_name.items():
        if not re.fullmatch(NAME, name):
            raise field_error("settings.dimension_name", name=name)
        if name in BUILT_IN:
            raise field_error("settings.dimension_built_in", name=name)
        if name in RESERVED or name in COLUMNS or name in STORED:
            raise field_error("settings.dimension_reserved", name=name)
        if not is_custom(attribute):
            raise field_error("settings.dimension_column", name=name, column=attribute)
    return by_name


Dimensions = Annotated[dict[str, str], AfterValidator(_custom_dimensions)]
