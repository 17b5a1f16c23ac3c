"""What the columns of an unknown table may mean, from their names and values; for a person to confirm.

Nothing here is applied by a load. A guess says why it was made, and an assumption what would change it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import polars as pl

from etl.contract.kinds import Kind
from etl.contract.time_formats import EPOCHS
from etl.mapping.inspect.names import ACTIVITIES, LIFECYCLE, MEANINGS, MOMENTS, NAMES, NULLS, TIME_NAME
from etl.mapping.inspect.times import TimeForm, guess_time
from etl.mapping.mapping import File, Mapping, RowEvent, Time
from etl.messages import Message
from etl.sources.table import OURS
from etl.sources.xes_rows import PLACE, STEP

_ENDS = ((Kind.OPENED, "first"), (Kind.CLOSED, "last"), (Kind.RUN_FINISHED, "last"))
_ONE_RUN = Message("guess.one_run")
_MOST_ACTIVITIES = 300
_MOST_CHECKED = 10_000


@dataclass(frozen=True)
class Guessed:
    """A mapping to start from. `because`: contract column → why; `assumed`: what the file does not say."""

    mapping: Mapping
    because: dict[str, Message] = field(default_factory=dict)
    assumed: list[Message] = field(default_factory=list)


def guess(rows: pl.DataFrame, file: File, source: str) -> Guessed:
    """What the columns mean and when things happened, as far as names and values tell.

    Args:
        rows: some rows of the table.
        file: how the file is written.
        source: the file's name, which names the workflow where the table does not.
    """
    columns = {name: _words(name) for name in rows.columns if not name.startswith(OURS)}
    if {"ticket_id", "occurred_at", "kind"} <= set(columns):
        form = guess_time(rows["occurred_at"])
        return Guessed(Mapping(file=file, time=_time(form)), {}, form.assumed)
    times = {
        name: form
        for name, words in columns.items()
        if (form := guess_time(rows[name].head(_MOST_CHECKED))).fits
        and (form.format not in EPOCHS or TIME_NAME.search(words))  # other numbers are ids
    }
    chosen, because = _chosen(columns, set(times), rows)
    log = _Log(rows, columns, set(times), chosen, because)
    if "case:concept:name" in columns and STEP in rows.columns:
        return _process_log(log, file, source, guess_time(rows["time:timestamp"]))
    moments = log.moments()
    if moments:
        return _ticket_per_row(log, moments, file, times)
    activity = log.activity()
    form = times[chosen["occurred_at"]] if "occurred_at" in chosen else TimeForm()
    activities, assumed = dict[str, list[Kind]](), [*form.assumed]
    if activity:
        because["activity"] = Message("guess.activity", {"column": activity})
        activities, more = _activities(rows[activity])
        assumed += [_ONE_RUN, *more]
    constants, more = log.workflow(source) if activity else ({}, [])
    mapping = Mapping(
        columns=chosen,
        constants=constants,
        null=log.nulls(),
        time=_time(form),
        file=file,
        activity=activity,
        activities=activities,
    )
    return Guessed(mapping, because, [*assumed, *more])


@dataclass(frozen=True)
class _Log:
    """A table under guess: names in words, columns that hold times, and what was chosen by name."""

    rows: pl.DataFrame
    columns: dict[str, str]
    times: set[str]
    chosen: dict[str, str]
    because: dict[str, Message]

    def moments(self) -> dict[Kind, str]:
        """The times of a table with one row per ticket: what each tells."""
        ticket = self.chosen.get("ticket_id")
        if ticket is None or self.rows[ticket].n_unique() < self.rows.height:
            return {}
        found: dict[Kind, str] = {}
        for kind, pattern in MOMENTS.items():
            for name, words in self.columns.items():
                if name in self.times and pattern.match(words):
                    found.setdefault(kind, name)
        return found if len(found) > 1 else {}

    def activity(self) -> str | None:
        """The column that names what was done."""
        for wanted in ACTIVITIES:
            for name, words in self.columns.items():
                is_free = words == wanted and name not in self.chosen.values()
                if is_free and 0 < self.rows[name].n_unique() <= _MOST_ACTIVITIES:
                    return name
        return None

    def workflow(self, source: str) -> tuple[dict[str, str], list[Message]]:
        """The name of the workflow, if the table does not say, and the assumption in it."""
        name = re.sub(r"\..*$", "", source) or "workflow"
        given = {*self.chosen, *self.columns}
        constants = {key: value for key, value in (("workflow", name), ("version", "1")) if key not in given}
        return constants, [Message("guess.workflow", {"name": name})] if constants else []

    def nulls(self) -> list[str]:
        """Texts in the chosen columns that usually mean: not known."""
        texts = [name for name in self.chosen.values() if self.rows[name].dtype == pl.String]
        return [mark for mark in NULLS if any((self.rows[name] == mark).any() for name in texts)]


def _ticket_per_row(log: _Log, moments: dict[Kind, str], file: File, times: dict[str, TimeForm]) -> Guessed:
    first = next(iter(moments.values()))
    columns = {**log.chosen, "occurred_at": first}
    events = [_moment(kind, column, log.chosen) for kind, column in moments.items()]
    because = {
        **log.because,
        "occurred_at": Message("guess.row_per_ticket"),
    }
    mapping = Mapping(columns=columns, null=log.nulls(), time=_time(times[first]), file=file, event=events)
    assumed = [
        Message("guess.moment", {"column": column, "kind": kind.value}) for kind, column in moments.items()
    ]
    return Guessed(mapping, because, [*times[first].assumed, *assumed])


def _process_log(log: _Log, file: File, source: str, form: TimeForm) -> Guessed:
    """XES says what an event means for the flow; what it means for the ticket may stand in its name."""
    events = [RowEvent(kind=kind, when={PLACE: [end, "only"]}) for kind, end in _ENDS]
    assumed = [*form.assumed, Message("guess.finished")]
    meant, _ = _activities(log.rows["concept:name"])
    by_kind: dict[Kind, list[str]] = {}
    for name, kinds in meant.items():
        for kind in set(kinds) & {Kind.SOLVED, Kind.REOPENED, Kind.ESCALATED}:
            by_kind.setdefault(kind, []).append(name)
    for kind, names in sorted(by_kind.items()):
        events.append(RowEvent(kind=kind, when={"concept:name": names}))
        assumed.append(Message("guess.kind", {"kind": kind.value, "names": names}))
    constants, more = log.workflow(source)
    columns = {**log.chosen, "run_id": "case:concept:name", "step": "concept:name"}
    mapping = Mapping(
        columns=columns,
        constants=constants,
        time=_time(form),
        file=file,
        activity=STEP,
        activities=LIFECYCLE,
        event=events,
    )
    because = {**log.because, "activity": Message("guess.transition")}
    return Guessed(mapping, because, [_ONE_RUN, *assumed, *more])


def _time(form: TimeForm) -> Time:
    return Time(zone="UTC" if form.needs_zone else None, format=form.format)


def _words(name: str) -> str:
    """`caseConcept:Name` as `case concept name`."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"[a-z0-9]+", apart.lower()))


def _chosen(
    columns: dict[str, str], times: set[str], rows: pl.DataFrame
) -> tuple[dict[str, str], dict[str, Message]]:
    chosen: dict[str, str] = {}
    because: dict[str, Message] = {}
    for ours, names in NAMES.items():
        if ours in columns:
            continue
        for wanted in names:
            fitting = [
                name for name, words in columns.items() if words == wanted and name not in chosen.values()
            ]
            fitting = [name for name in fitting if (name in times) == (ours == "occurred_at")]
            if ours == "event_id":
                fitting = [name for name in fitting if rows[name].is_unique().all()]
            if fitting and not (ours == "ticket_id" and rows[fitting[0]].null_count() == rows.height):
                chosen[ours], because[ours] = fitting[0], Message("guess.name", {"column": fitting[0]})
                break
    if "occurred_at" not in chosen and "occurred_at" not in columns and times:
        chosen["occurred_at"] = next(name for name in columns if name in times)
        because["occurred_at"] = Message("guess.times", {"column": chosen["occurred_at"]})
    return chosen, because


def _moment(kind: Kind, column: str, chosen: dict[str, str]) -> RowEvent:
    kept = {ours: theirs for ours, theirs in chosen.items() if ours in ("ticket_id", "customer_id")}
    if kind == Kind.OPENED:
        kept |= {ours: chosen[ours] for ours in ("channel", "reason", "priority") if ours in chosen}
    return RowEvent(kind=kind, unless={column: [""]}, columns={**kept, "occurred_at": column})


def _activities(column: pl.Series) -> tuple[dict[str, list[Kind]], list[Message]]:
    names = sorted(column.drop_nulls().cast(pl.String).unique())
    meant: dict[str, list[Kind]] = {}
    for name in names:
        words = _words(name)
        for pattern, kinds in MEANINGS:
            if pattern.search(words):
                before = [kind for kind in kinds if kind == Kind.OPENED]
                meant[name] = [*before, Kind.ENTERED, *(kind for kind in kinds if kind != Kind.OPENED)]
                break
    assumed = [
        Message(
            "guess.kinds", {"name": name, "kinds": [kind.value for kind in kinds if kind != Kind.ENTERED]}
        )
        for name, kinds in meant.items()
    ]
    told = {kind for kinds in meant.values() for kind in kinds}
    missing = [kind.value for kind in (Kind.OPENED, Kind.SOLVED, Kind.RUN_FINISHED) if kind not in told]
    if missing:
        assumed.append(Message("guess.no_kind", {"kinds": missing}))
    return {**meant, "*": [Kind.ENTERED]}, assumed
