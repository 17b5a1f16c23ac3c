"""Charts are made once for the same numbers, texts and colours: plotly checks every property of a figure.

A chart is known by a digest of what its function was given, frames with all their cells, and the language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from enum import Enum
from functools import partial, wraps
from hashlib import blake2b
from io import BytesIO
from types import BuiltinFunctionType, FunctionType
from typing import Any, ParamSpec

import polars as pl
import streamlit as st

from dashboard.kit.charts.chart import Chart
from dashboard.language import spoken
from metrics.catalog.metrics import Metric

P = ParamSpec("P")
MOST = 300
"""Charts that are held for all readers together, the latest."""


def cached_chart(function: Callable[P, Chart]) -> Callable[P, Chart]:
    """The same function, worked out once for equal arguments and one language.

    What it returns is shared by all readers, who only read it. An argument that is no plain value, frame or
    collection of these raises TypeError: two of them could share a digest.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def cached(*args: P.args, **kwargs: P.kwargs) -> Chart:
        if any(isinstance(value, Chart) and not value.digest for value in (*args, *kwargs.values())):
            return function(*args, **kwargs)
        digest = digest_of([name, spoken(), args, kwargs])
        return _made(digest, lambda: _with_digest(function(*args, **kwargs), digest))

    return cached


@st.cache_resource(max_entries=MOST, show_spinner=False)
def _made(digest: str, _make: Callable[[], Chart]) -> Chart:  # noqa: ARG001 - the key
    return _make()


def _with_digest(chart: Chart, digest: str) -> Chart:
    return chart if chart.digest else replace(chart, digest=digest)


def digest_of(value: Any) -> str:
    """Hexadecimal digits that two values share only if they are of one type and equal, cell by cell."""
    return blake2b(_bytes(value), digest_size=16).hexdigest()


def _bytes(value: Any) -> bytes:
    parts = [type(value).__name__.encode(), *_parts(value)]
    return b"".join(b"%d:%b" % (len(part), part) for part in parts)  # lengths: no two parts run together


def _parts(value: Any) -> list[bytes]:
    match value:
        case None | str() | int() | float() | date() | timedelta() | Enum():
            return [repr(value).encode()]
        case pl.DataFrame():
            value.write_ipc(file := BytesIO())
            return [file.getvalue()]
        case Chart():
            return [value.digest.encode()]
        case Metric():
            return [value.name.encode()]  # the catalog has one of each
        case Mapping():
            return [_bytes(part) for item in value.items() for part in item]
        case Sequence():
            return [_bytes(part) for part in value]
        case partial():
            return [_bytes(part) for part in (value.func, value.args, value.keywords)]
        case _ if is_dataclass(value):
            return [_bytes(getattr(value, part.name)) for part in fields(value)]
        case FunctionType() | BuiltinFunctionType() if not getattr(value, "__closure__", None):
            return [f"{value.__module__}.{value.__qualname__}".encode()]
    raise TypeError(f"a chart cannot be known by a {type(value).__name__}")
