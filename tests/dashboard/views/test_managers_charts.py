"""The managers' charts and tables: a finding, a spoken form, an empty state; places on their axes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.kit import targets
from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.palette import DARK, LIGHT
from dashboard.kit.tile import tile
from dashboard.language import time_words, words
from dashboard.views.compare import text as compare_text
from dashboard.views.compare.charts import compared_numbers
from dashboard.views.compare.tables import compared_table
from dashboard.views.overview import text
from dashboard.views.overview.charts import movers
from dashboard.views.overview.tables import mover_table
from dashboard.views.response import text as response_text
from dashboard.views.response.group_times import group_times
from dashboard.views.response.survival_curve import survival_curve
from dashboard.views.response.time_scale import spanning
from dashboard.views.response.waiting_times import waiting_times
from dashboard.views.satisfaction import text as satisfaction_text
from dashboard.views.satisfaction.charts import drivers_chart
from dashboard.views.service_level import text as service_text
from dashboard.views.service_level.in_and_out import in_and_out
from dashboard.views.service_level.open_ages import age_band, open_ages
from dashboard.views.service_level.open_over_time import open_over_time
from dashboard.views.service_level.tables import breach_table, level_table
from dashboard.views.service_level.within_target import within_target
from metrics.catalog.durations import EDGES
from metrics.catalog.metrics import CATALOG
from metrics.query.scope import Scope
from metrics.settings.model import Settings
from metrics.statistics.survival import curve
from metrics.tickets.contributions import COLUMNS, Contributions
from metrics.tickets.response_times import time
from tests.in_language import in_language
from tests.lengths import examples

MONDAY = date(2026, 3, 2)
WAIT, CSAT, OPENED = CATALOG["first_response_minutes"], CATALOG["csat"], CATALOG["tickets_opened"]
NUMBERS = {"value": pl.Float64, "n": pl.Int64, "low": pl.Float64, "high": pl.Float64}


def groups(**rows: tuple[float, float, float]) -> pl.DataFrame:
    told = [
        {"group": name, "value": v, "n": 40, "low": low, "high": high}
        for name, (v, low, high) in rows.items()
    ]
    return pl.DataFrame(told, schema={"group": pl.String, **NUMBERS})


def row(
    value: float | None, low: float | None = None, high: float | None = None
) -> dict[str, float | int | None]:
    return {"value": value, "n": 40, "low": low, "high": high, "waiting": 3, "broken_off": 1}


def bands(**counts: int) -> pl.DataFrame:
    told = [{"band": int(name.removeprefix("from_")), "n": n} for name, n in counts.items()]
    return pl.DataFrame(told, schema={"band": pl.Int64, "n": pl.Int64})


def days(*counts: int) -> pl.DataFrame:
    told = [{"day": MONDAY + timedelta(days=place), "backlog": n} for place, n in enumerate(counts)]
    return pl.DataFrame(told, schema={"day": pl.Date, "backlog": pl.Int64})


def weeks(*counts: float) -> pl.DataFrame:
    told = [{"week": MONDAY + timedelta(weeks=place), "value": n} for place, n in enumerate(counts)]
    return pl.DataFrame(told, schema={"week": pl.Date, "value": pl.Float64})


def ages(*counts: int) -> pl.DataFrame:
    edges = [0.0, 1.0, 3.0, 7.0, 30.0][: len(counts)]
    ends = [*edges[1:], None]
    return pl.DataFrame(
        {"from_days": edges, "to_days": ends, "tickets": counts}, schema_overrides={"to_days": pl.Float64}
    )


def drivers(**levels: tuple[float, float | None, float | None, str | None]) -> pl.DataFrame:
    told = [
        {
            "factor": "channel", "level": name, "n": 40, "satisfied": 20, "others": 60,
            "others_satisfied": 50, "difference": gap, "low": low, "high": high, "association": said,
        }
        for name, (gap, low, high, said) in levels.items()
    ]  # fmt: skip
    return pl.DataFrame(
        told, schema_overrides={"association": pl.String, "low": pl.Float64, "high": pl.Float64}
    )


def moved(now: float | None = 0.3, *, is_count: bool = False) -> Contributions:
    parts = [
        ("channel", "phone", 80, 70, 0.1, 0.1, None if is_count else 0.0, None if is_count else 0.0, 0.0),
        ("channel", "email", 20, 30, 0.5, 0.7, None if is_count else 0.04, None if is_count else 0.06, 0.1),
    ]
    return Contributions("csat", "Satisfaction", 0.2, now, pl.DataFrame(parts, schema=COLUMNS, orient="row"))


def compared(value: float = 0.5, low: float | None = -0.3) -> pl.DataFrame:
    high = None if low is None else -0.1
    return pl.DataFrame(
        [
            {
                "metric": "csat", "value": value, "n": 40, "low": 0.4, "high": 0.6, "value_before": 0.7,
                "n_before": 50, "low_before": 0.6, "high_before": 0.8, "difference": -0.2,
                "difference_low": low, "difference_high": high,
                "sureness": "unknown" if low is None else "signal",
            }
        ],
        schema_overrides={"difference_low": pl.Float64, "difference_high": pl.Float64},
    )  # fmt: skip


ENDED = curve([1, 5, 60, 3000], [4000])
TARGET = {"target 1 h: all other tickets": 60.0}


def charts(palette) -> dict[str, tuple[Chart, Chart]]:
    """Each chart drawn, and with nothing to draw."""
    asked = {"title": "Wait", "targets": TARGET, "palette": palette}
    by = {"palette": palette, "dimension": "channel"}
    named = {"now": "March", "before": "February", "palette": palette}
    two = groups(phone=(5, 4, 6), email=(50, 40, 60))
    return {
        "histogram": (
            waiting_times(bands(from_0=3, from_30=5), median=row(31), most=row(50), **asked),
            waiting_times(bands(), median=row(None), most=row(None), **asked),
        ),
        "curve": (
            survival_curve(ENDED, ENDED, overall=row(60, 5, 3000), **asked),
            survival_curve(curve([], []), None, overall=row(None), **asked),
        ),
        "groups": (
            group_times(two, metric=WAIT, overall=row(20, 15, 25), **by),
            group_times(two.clear(), metric=WAIT, overall=row(None), **by),
        ),
        "hours": (
            group_times(
                two.with_columns(group=pl.Series([9, 10])),
                metric=WAIT,
                overall=row(20),
                palette=palette,
                dimension="hour",
            ),
            group_times(two.clear(), metric=WAIT, overall=row(None), palette=palette, dimension="hour"),
        ),
        "target": (
            within_target(
                groups(phone=(0.9, 0.8, 0.95)), metric=CATALOG["first_response_sla_rate"], axis_low=0.5, **by
            ),
            within_target(groups(), metric=CATALOG["first_response_sla_rate"], axis_low=None, **by),
        ),
        "ages": (open_ages(ages(3, 2), palette=palette), open_ages(ages(0, 0), palette=palette)),
        "open": (open_over_time(days(3, 5), palette=palette), open_over_time(days(3), palette=palette)),
        "flow": (
            in_and_out(weeks(5, 6), weeks(4, 6), palette=palette),
            in_and_out(weeks(5), weeks(4), palette=palette),
        ),
        "drivers": (
            drivers_chart(drivers(phone=(-0.2, -0.3, -0.1, "less often")), palette=palette),
            drivers_chart(drivers(phone=(0.2, -0.3, 0.4, None)), palette=palette),
        ),
        "movers": (
            movers(moved(), metric=CSAT, dimension="channel", palette=palette),
            movers(None, metric=CSAT, dimension="channel", palette=palette),
        ),
        "compared": (compared_numbers(compared(), **named), compared_numbers(compared(low=None), **named)),
    }


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", charts(LIGHT))
def test_a_chart_states_its_finding_or_why_there_is_none(name, palette) -> None:
    drawn, empty = charts(palette)[name]
    assert drawn.figure is not None
    assert drawn.data is not None
    assert drawn.data.height
    assert drawn.headline
    assert drawn.headline in drawn.alt
    assert len(drawn.alt) > len(drawn.headline)
    assert empty.figure is None
    assert empty.why_empty.count(".") >= 2


@examples(100)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=5))
def test_a_longer_time_lies_further_right_on_the_scale(times) -> None:
    scale = spanning(times)
    places = [scale.place(minutes) for minutes in sorted(times)]
    assert places == sorted(places)
    assert all(0 <= place <= scale.last - scale.first for place in places)


def test_every_band_has_a_name_of_its_own() -> None:
    names = [time_words.band(low) for low in EDGES]
    assert len(set(names)) == len(EDGES)
    assert (names[0], names[3], names[-1]) == ("under 1 min", "5 min to 10 min", "over 30 d")
    bounds = ages(1, 1, 1)["from_days", "to_days"].rows()
    assert [age_band(low, high) for low, high in bounds] == ["under 1 day", "1 to 3 days", "over 3 days"]


def test_groups_slower_than_all_together_differ_in_shape() -> None:
    drawn, _ = charts(LIGHT)["groups"]
    assert drawn.figure is not None
    ordinary, marked = drawn.figure.data
    assert ordinary.marker.symbol != marked.marker.symbol


@pytest.mark.parametrize("name", ["histogram", "ages"])
def test_a_click_on_a_band_names_its_lower_end(name) -> None:
    drawn, _ = charts(LIGHT)[name]
    assert drawn.figure is not None
    (bars,) = drawn.figure.data
    ends = EDGES if name == "histogram" else (0, 1)
    assert [thing for (thing,) in bars.customdata] == [f"{end}" for end in ends[: len(bars.customdata)]]


def test_every_band_of_the_histogram_is_drawn_and_exported() -> None:
    drawn, _ = charts(LIGHT)["histogram"]
    assert drawn.figure is not None
    assert drawn.data is not None
    (bars,) = drawn.figure.data
    assert list(bars.y) == drawn.data["n"].to_list() == [3, *[0] * 5, 5, 0]
    assert drawn.data["share"].sum() == 1


def test_lines_at_times_are_named_and_no_two_names_touch() -> None:
    drawn, _ = charts(LIGHT)["histogram"]
    assert drawn.figure is not None
    names = drawn.figure.layout.annotations
    assert [name.text.replace("<br>", " ") for name in names] == ["median 31 min", "90% 50 min", *TARGET]
    assert len({line.line.dash for line in drawn.figure.layout.shapes}) == 3
    assert len({name.yshift for name in names}) == 3


def test_the_curve_falls_in_steps_within_its_band_beside_all_of_the_selection() -> None:
    drawn, _ = charts(LIGHT)["curve"]
    assert drawn.figure is not None
    low, high, line, everybody = drawn.figure.data
    assert all(trace.line.shape == "hv" for trace in drawn.figure.data)
    assert all(a <= b <= c for a, b, c in zip(low.y, line.y, high.y, strict=True))
    assert list(line.y) == list(everybody.y) == sorted(line.y, reverse=True)
    assert line.line.dash != everybody.line.dash
    assert drawn.figure.layout.showlegend


def test_the_rest_of_a_selection_is_not_drawn_beyond_the_times_shown() -> None:
    late = curve([500, 600], [])
    drawn = survival_curve(
        late, curve([1, 500, 40_000], []), title="Wait", overall=row(500), targets={}, palette=LIGHT
    )
    assert drawn.figure is not None
    everybody = drawn.figure.data[-1]
    assert everybody.y[0] == pytest.approx(200 / 3)  # one of three was over before
    assert list(everybody.x) == sorted(set(everybody.x))


@pytest.mark.parametrize("name", ["open", "flow"])
def test_what_happened_can_be_drawn_into_a_chart_over_days(name) -> None:
    drawn, _ = charts(LIGHT)[name]
    assert drawn.days is not None
    assert drawn.days[0] == MONDAY
    assert drawn.days[1] > MONDAY


def test_what_came_in_differs_from_what_was_solved_in_dash_and_symbol() -> None:
    drawn, _ = charts(LIGHT)["flow"]
    assert drawn.figure is not None
    came, solved = drawn.figure.data
    assert (list(came.y), list(solved.y)) == ([5, 6], [4, 6])
    assert came.line.dash != solved.line.dash
    assert came.marker.symbol != solved.marker.symbol


def test_without_openings_nobody_says_that_nothing_is_open() -> None:
    rates = {name: {"value": None} for name in ("first_response_sla_rate", "resolution_sla_rate")}
    assert service_text.opening(rates, 0, 2, None).endswith("is not known: no opening is recorded.")
    assert service_text.opening(rates, 0, 2, 0) == "No ticket is open."


def test_a_driver_without_an_interval_has_none_on_its_label() -> None:
    chart = drivers_chart(drivers(phone=(0.2, None, None, "none shown")), palette=LIGHT)
    assert "()" not in chart.figure.to_json()


def test_the_axis_of_differences_holds_every_interval() -> None:
    figure = drivers_chart(
        drivers(a=(-0.2, -0.37, -0.1, "less often"), b=(0.1, 0.0, 0.21, "none shown")), palette=LIGHT
    ).figure
    assert figure is not None
    axis = figure.layout.xaxis
    assert axis.range[0] <= -37
    assert axis.range[1] >= 21
    assert (axis.tickvals[0], axis.tickvals[-1]) == axis.range
    assert len(axis.ticktext) == len(axis.tickvals)


def test_what_moved_a_number_is_the_group_above_its_weight() -> None:
    mover = text.first_mover(moved())
    assert mover is not None
    assert mover["group"] == "email"
    assert text.first_mover(moved(), without=["channel"]) is None
    said = text.changed(CSAT, row(0.3), row(0.2), moved())
    assert "rose from 20% to 30%" in said
    assert "“email”" in said
    assert "More than the whole rise comes from channel “email” (25% of tickets)." in said
    assert said.endswith("The main reason: its own value rose.")
    assert text.changed(CSAT, row(0.3), row(0.2), None) == "Satisfaction (CSAT) rose from 20% to 30%."


def test_a_number_stands_with_what_it_counts() -> None:
    shown = tile(CSAT, now=row(0.3), before=row(0.2), weeks=[])
    assert shown.basis.replace(words.TIED, " ") == "40 tickets · before 20% · 40 tickets"
    confused = tile(CATALOG["confusion_rate"], now=row(0.3), before=None, weeks=[])
    assert confused.basis.replace(words.TIED, " ").startswith("40 visits")


def test_only_parts_with_numbers_hold_together_on_a_phone() -> None:
    shown = in_language("fr", lambda: tile(CSAT, now=row(0.3), before=None, weeks=[]))
    assert shown.basis == f"40{words.TIED}tickets · pas de période précédente complète"


def test_tables_hold_what_their_columns_name() -> None:
    levels = groups(phone=(0.9, 0.8, 0.95)).with_columns(
        attained=pl.lit(9), breached=pl.lit(1), pending=pl.lit(2), paused=pl.lit(0), soon=pl.lit(1)
    )
    soon = pl.DataFrame(
        [
            {
                "ticket_id": "a", "measure": "resolution", "due_at": datetime(2026, 3, 2, 9, tzinfo=UTC),
                "remaining_minutes": 12.0, "clock": "business", "channel": None,
                "priority": "high", "team": "x",
            }
        ],
        schema_overrides={"channel": pl.String},
    )  # fmt: skip
    for table in (
        level_table(levels, metric=CSAT, dimension="channel"),
        breach_table(soon, time_zone="Europe/Berlin"),
        compared_table(compared(), now="March", before="February"),
        mover_table(moved(), metric=CSAT, dimension="channel"),
    ):
        assert set(table.columns) <= set(table.frame.columns)
    assert breach_table(soon, time_zone="Europe/Berlin").frame["due"].to_list() == ["2 Mar 2026, 10:00"]
    assert compared_table(compared(), now="March", before="February").frame["verdict"].to_list() == [
        "different"
    ]


def test_only_targets_that_may_hold_are_drawn() -> None:
    settings = Settings.model_validate(
        {
            "targets": [
                {"first_response_minutes": 240, "clock": "calendar"},
                {"first_response_minutes": 3, "channels": ["phone"], "clock": "calendar"},
                {"resolution_minutes": 60, "channels": ["chat"]},
            ]
        }
    )
    asked = time("first_response", "calendar")
    assert list(targets.target_lines(settings, asked, Scope(), "channel", "").values()) == [3, 240]
    assert list(targets.target_lines(settings, asked, Scope(), "channel", "phone").values()) == [3]
    assert list(targets.target_lines(settings, asked, Scope(), "channel", "email").values()) == [240]
    assert targets.target_lines(settings, time("first_response", "business"), Scope(), "channel", "") == {}


def test_sentences_leave_out_what_is_not_known() -> None:
    waits = row(None) | {"waiting": 0}
    assert response_text.opening(WAIT, "", row(None), waits) == ""
    assert "3 of the 40 tickets opened still wait" in response_text.opening(
        WAIT, "phone", row(5, 4, 6), row(7)
    )
    nothing = {"offered": 0, "rated": 0, "satisfied": 0, "like_asked": None, "worst": None, "best": None}
    assert "is unknown" in satisfaction_text.answering(nothing)
    assert "No clear difference" in compare_text.opening(compared(low=None), "March", "February")
