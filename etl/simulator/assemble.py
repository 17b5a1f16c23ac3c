"""From the log of numbers to events under the contract: sorted, cut at the end of the period, named."""

from __future__ import annotations

import numpy as np
import polars as pl

from etl.contract.events import DEFAULT_ACTOR, SCHEMA, Kind
from etl.simulator.aftermath import SCALE
from etl.simulator.agents import TEAMS
from etl.simulator.arrays import Bools, Ints
from etl.simulator.centre import Centre
from etl.simulator.channels import CHANNELS
from etl.simulator.demand import AT_OPENING, OTHER_REASONS, PRIORITIES, WHEN_ASSIGNED, Tickets
from etl.simulator.log import ACTORS, KINDS, NONE

_ACTOR_OF_KIND = np.array(
    [ACTORS.index(DEFAULT_ACTOR[kind]) if kind in DEFAULT_ACTOR else NONE for kind in KINDS]
)


def assemble(centre: Centre, tickets: Tickets) -> pl.DataFrame:
    """All events before the end of the period, by ticket and time."""
    rows = _sorted(centre.log.columns(), tickets, centre.calendar.end)
    # Tickets are numbered as they come in.
    rank = np.empty(len(tickets), dtype=np.int64)
    rank[np.argsort(tickets.opened, kind="stable")] = np.arange(1, len(tickets) + 1)
    ticket_ids = _numbered("T", rank, 6)
    kind, ticket, place = rows["kind"], rows["ticket"], rows["place"]
    opens, assigns = kind == KINDS.index(Kind.OPENED), kind == KINDS.index(Kind.ASSIGNED)
    reason_time = tickets.reason_known[ticket]
    tells_reason = (opens & (reason_time == AT_OPENING)) | (assigns & (reason_time == WHEN_ASSIGNED))
    is_rated = kind == KINDS.index(Kind.RATED)
    flow, agent = centre.flow, rows["agent"]
    columns = {
        "event_id": _numbered("e", np.arange(1, len(kind) + 1), 7),
        "occurred_at": pl.Series(rows["at"] * 1000).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
        "seq": pl.Series(_place_in_tie(rows)),
        "ticket_id": ticket_ids.gather(ticket),
        "kind": _names_at([str(k) for k in KINDS], kind),
        "actor": _names_at(
            [str(a) for a in ACTORS], np.where(rows["actor"] == NONE, _ACTOR_OF_KIND[kind], rows["actor"])
        ),
        "agent_id": _names_at(centre.agents.names(), agent),
        "team": _names_at(list(TEAMS), np.where(agent == NONE, NONE, centre.agents.team[agent])),
        "customer_id": _where(opens, _numbered("customer-", 1 + tickets.customer, 6).gather(ticket)),
        "channel": _names_at([c.name for c in CHANNELS], np.where(opens, tickets.channel[ticket], NONE)),
        "reason": _names_at(
            [*(w.reason for w in flow.workflows), *OTHER_REASONS],
            np.where(tells_reason, tickets.reason[ticket], NONE),
        ),
        "priority": _names_at(list(PRIORITIES), np.where(opens, tickets.priority[ticket], NONE)),
        "run_id": _run_ids(rows["run"]),
        "workflow": _names_at([flow.workflows[w].id for w in flow.workflow], place),
        "version": _names_at([flow.version_name(p) for p in range(len(flow.steps))], place),
        "step": _names_at([step.id for step in flow.steps], place),
        "value": _values(rows["value"], flow.words, ticket_ids),
        "hits": _where(rows["hits"] != NONE, pl.Series(rows["hits"])),
        "score": _where(is_rated, pl.Series(rows["score"].astype(np.float64))),
        "scale_max": _where(is_rated, pl.Series(np.full(len(kind), float(SCALE)))),
    }
    return pl.DataFrame(columns).select(name for name in SCHEMA.names() if name in columns)


def _sorted(columns: dict[str, Ints], tickets: Tickets, end: int) -> dict[str, Ints]:
    """By ticket in the order of opening, then time, then the order of things at one instant."""
    is_inside = (columns["at"] < end) & (tickets.opened[columns["ticket"]] < end)
    columns = {name: column[is_inside] for name, column in columns.items()}
    order = np.lexsort(
        (columns["order"], columns["at"], columns["ticket"], tickets.opened[columns["ticket"]])
    )
    return {name: column[order] for name, column in columns.items()}


def _place_in_tie(rows: dict[str, Ints]) -> Ints:
    """0 for an event alone at its instant in its ticket; 0, 1, 2 … where several are."""
    place = np.arange(len(rows["at"]))
    starts = np.ones(len(place), dtype=np.bool_)
    starts[1:] = (rows["at"][1:] != rows["at"][:-1]) | (rows["ticket"][1:] != rows["ticket"][:-1])
    return np.asarray(place - np.maximum.accumulate(np.where(starts, place, 0)))


def _numbered(prefix: str, numbers: Ints, digits: int) -> pl.Series:
    return pl.select(
        pl.lit(prefix) + pl.lit(pl.Series(numbers)).cast(pl.String).str.zfill(digits)
    ).to_series()


def _names_at(names: list[str], codes: Ints) -> pl.Series:
    """The names at these places; null at -1."""
    return pl.Series([*names, None], dtype=pl.String).gather(np.where(codes == NONE, len(names), codes))


def _where(condition: Bools, values: pl.Series) -> pl.Series:
    """The values where the condition holds, else null."""
    return pl.select(pl.when(pl.lit(pl.Series(condition))).then(pl.lit(values))).to_series()


def _run_ids(run: Ints) -> pl.Series:
    """Runs numbered as they appear."""
    run_numbers, first, place = np.unique(run, return_index=True, return_inverse=True)
    rank = np.empty(len(run_numbers), dtype=np.int64)
    rank[np.argsort(first[run_numbers != NONE], kind="stable") + (run_numbers == NONE).sum()] = 1 + np.arange(
        (run_numbers != NONE).sum()
    )
    rank[run_numbers == NONE] = 0
    return _where(run != NONE, _numbered("run-", rank[place], 6))


def _values(value: Ints, words: tuple[str, ...], ticket_ids: pl.Series) -> pl.Series:
    """Words, or the ids of other tickets (numbers below -1)."""
    other = np.where(value < NONE, len(words) + 1 + (-2 - value), np.where(value == NONE, len(words), value))
    return pl.concat([pl.Series([*words, None], dtype=pl.String), ticket_ids]).gather(other)
