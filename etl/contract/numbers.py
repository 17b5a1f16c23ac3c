"""Numbers of a source that may be ids, as texts: ticket 1001 is not ticket 1001.0.

Floating-point numbers are exact below a limit only; from it on two ids may have become one: 2^53 may be what
was left of 2^53 + 1.
"""

from __future__ import annotations

import polars as pl

_INEXACT_FROM, _INEXACT_FROM_IN_32_BITS = 2**53, 2**24


def texts_of(values: pl.Series) -> pl.Series:
    """A column as texts; whole floating-point numbers as every other format writes them, and none for NaN."""
    if not values.dtype.is_float():
        return values.cast(pl.String)
    values = values.fill_nan(None)
    is_integer = ((values.abs() < _inexact_from(values)) & (values == values.floor())).fill_null(value=False)
    integers = values.set(~is_integer, None).cast(pl.Int64).cast(pl.String)
    return integers.zip_with(is_integer, values.cast(pl.String))


def has_integers_alone(values: pl.Series) -> bool:
    """Whether all floating-point numbers in a column are whole and exact."""
    return bool((values.abs() < _inexact_from(values)).all() and (values % 1 == 0).all())


def has_inexact_integers(values: pl.Series) -> bool:
    """Whether a column has floating-point numbers that are too large to be told apart."""
    return values.dtype.is_float() and bool((values.fill_nan(None).abs() >= _inexact_from(values)).any())


def _inexact_from(values: pl.Series) -> int:
    return _INEXACT_FROM_IN_32_BITS if values.dtype == pl.Float32 else _INEXACT_FROM
