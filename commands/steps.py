"""Commands that print what the steps of workflows show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import polars as pl
import typer

from commands.lines import hand_over_lines, outcome_lines, step_lines, version_lines
from commands.options import Format, HourlyCost, one_of
from commands.output import print_lines
from commands.query_context import QueryContext, with_query_context
from commands.warehouses import hourly_cost_of
from dashboard.kit.steps import step_evidence
from dashboard.language import _
from metrics.process.conformance import breaches as conformance_breaches
from metrics.process.conformance import conformance as measure_conformance
from metrics.process.conformance import runs_in_breach
from metrics.process.flow import edges, ping_pong, ping_pong_total, steps, variants
from metrics.releases.versions import verdicts as version_verdicts
from metrics.steps.causes import before_help, changed_answers, returns, searches
from metrics.steps.diagnoses import findings
from metrics.steps.holders import HOLDERS, holders
from metrics.steps.hotspots import hotspots as measure_hotspots
from metrics.steps.outcomes import compared_links, outcome_links
from metrics.steps.states import states
from metrics.training.learning import training_needs

app = typer.Typer()


_HOTSPOTS_AT_A_GLANCE = (
    *("workflow", "version", "step", "visits", "confused"),
    *("confusion_rate", "low", "high", "hotspot", "hidden", "verdict", "cost_hours_per_week"),
)


_STATES_AT_A_GLANCE = (
    *("workflow", "version", "step", "visits", "median_hours", "p90_hours"),
    *("handed_over_share", "handed_over_low", "handed_over_high", "handed_over_n", "return_share"),
)


_TRAINING_AT_A_GLANCE = (
    *("workflow", "version", "step", "visits", "learning", "newcomer_ratio", "newcomer_ratio_low"),
    *("newcomer_ratio_high", "newcomers_below", "saves_hours_per_week", "saves_low", "saves_high"),
)


_OUTCOMES_AT_A_GLANCE = (
    *("workflow", "version", "step", "outcome", "association", "n_confused", "n_others"),
    *("confused", "others", "difference", "ratio", "ratio_low", "ratio_high"),
)


@app.command()
@with_query_context
def hotspots(on: QueryContext, hourly_cost: HourlyCost = None) -> None:
    """Rank step versions by confusion, and show which confuse agents more than the rest."""
    rules = on.settings.hotspots
    steps = measure_hotspots(
        on.reader, scope=on.scope, hourly_cost=hourly_cost_of(hourly_cost, on.warehouse), rules=rules
    )
    if on.form is Format.TABLE:
        print_lines(part for part in (step_evidence.basis(steps, rules),) if part)
        if not steps["guided"].all():
            on.print(states(on.reader, scope=on.scope), at_a_glance=_STATES_AT_A_GLANCE)
        if steps.height and not steps["guided"].any():
            return
        steps = steps.filter("guided")
    if on.form in {Format.TABLE, Format.CSV}:
        steps = steps.with_columns(_sign_rates(steps.schema)).drop("signs").unnest("evidence")
    on.print(steps, at_a_glance=_HOTSPOTS_AT_A_GLANCE)


@app.command()
@with_query_context
def training(on: QueryContext) -> None:
    """Show which steps are learnt with practice, which stay hard, and what training would save."""
    ranked = measure_hotspots(on.reader, scope=on.scope, rules=on.settings.hotspots)
    needs = training_needs(on.reader, ranked, scope=on.scope)
    _print_guided(on, needs.steps, ranked, at_a_glance=_TRAINING_AT_A_GLANCE)


def _print_guided(
    on: QueryContext, rows: pl.DataFrame, ranked: pl.DataFrame, at_a_glance: Sequence[str]
) -> None:
    """Rows of guided workflows, below what is said of logs of states; people see no table without rows."""
    on.add(lambda: step_evidence.logs_of_states(ranked))
    if rows.is_empty() and on.form is Format.TABLE:
        on.add(lambda: [] if ranked.height else [_("No step was visited in this selection")])
        return
    on.print(rows, at_a_glance=at_a_glance)


@app.command("verdicts", hidden=True)  # its name in version 0.1
@app.command()
@with_query_context
def diagnose(on: QueryContext, hourly_cost: HourlyCost = None) -> None:
    """Show what to improve at each step found: process, training or coaching, and why."""
    cost = hourly_cost_of(hourly_cost, on.warehouse)
    rules = on.settings.hotspots
    ranked = measure_hotspots(on.reader, scope=on.scope, hourly_cost=cost, rules=rules)
    basis = step_evidence.basis(ranked, rules)
    is_judged = ranked.is_empty() or ranked["hotspot"].is_not_null().any()
    on.tell(
        findings(ranked),
        lambda diagnoses: [
            *(step_lines(diagnoses, cost, on.settings.currency) if is_judged else []),
            *([basis] if basis else []),
        ],
    )


@app.command()
@with_query_context
def versions(on: QueryContext) -> None:
    """Show whether new workflow versions are better, compared with unchanged workflows."""
    on.tell(version_verdicts(on.reader, scope=on.scope, rules=on.settings.versions), version_lines)


@app.command()
@with_query_context
def flow(
    on: QueryContext,
    what: Annotated[
        str, typer.Argument(help="edges, steps, states, variants, ping-pong or ping-pong-total")
    ] = "edges",
) -> None:
    """Show how runs really move: moves, rework, variants, tickets sent back and forth."""
    questions = {
        "edges": edges,
        "steps": steps,
        "states": states,
        "variants": variants,
        "ping-pong": ping_pong,
        "ping-pong-total": ping_pong_total,
    }
    rows = questions[one_of(questions, what)](on.reader, scope=on.scope)
    if what == "variants" and on.form in {Format.TABLE, Format.CSV}:
        rows = rows.with_columns(pl.col("path").list.join(" > "))
    on.print_first(rows)
    if what == "ping-pong":
        on.add(lambda: hand_over_lines(ping_pong_total(on.reader, scope=on.scope)))


@app.command()
@with_query_context
def causes(
    on: QueryContext,
    what: Annotated[
        str,
        typer.Argument(
            help="returns, answers, help, searches, or who has the extra confusion: reason, team …"
        ),
    ] = "returns",
) -> None:
    """Show why steps confuse: returns, changed answers, what precedes help, searches without a result."""
    questions = {"returns": returns, "answers": changed_answers, "help": before_help, "searches": searches}
    one_of([*questions, *HOLDERS, *on.settings.dimensions], what)
    on.print_first(
        questions[what](on.reader, scope=on.scope)
        if what in questions
        else holders(on.reader, what, scope=on.scope)
    )


@app.command()
@with_query_context
def conformance(
    on: QueryContext, what: Annotated[str, typer.Argument(help="versions, breaches or runs")] = "versions"
) -> None:
    """Show which runs kept to their definition, which did not, and where."""
    questions = {"versions": measure_conformance, "breaches": conformance_breaches, "runs": runs_in_breach}
    on.print_first(questions[one_of(questions, what)](on.reader, scope=on.scope))


@app.command()
@with_query_context
def outcomes(on: QueryContext) -> None:
    """Compare how tickets with and without a confused visit end: a link, not a cause."""
    links = outcome_links(on.reader, scope=on.scope)
    if on.form is Format.TABLE:
        logs = states(on.reader, scope=on.scope)["workflow"].unique().sort().to_list()
        print_lines(step_evidence.about_states(logs))
        print_lines(outcome_lines(links))
        if (compared := compared_links(links)).height:
            on.print_first(compared.select(_OUTCOMES_AT_A_GLANCE))
        return
    on.print(links)


def _sign_rates(schema: pl.Schema) -> list[pl.Expr]:
    signs = schema["signs"]
    assert isinstance(signs, pl.Struct)  # noqa: S101 - what hotspots promises
    return [
        pl.col("signs").struct.field(sign.name).struct.field("rate").alias(f"{sign.name}_rate")
        for sign in signs.fields
    ]
