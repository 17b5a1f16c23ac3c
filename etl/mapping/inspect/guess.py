"""What the columns of an unknown table may mean, from their values and names; for a person to confirm.

Nothing here is applied by a load. A guess says why it was made, and an assumption what would change it.
"""

from __future__ import annotations

import re

import polars as pl

from etl.contract.kinds import Actor, Kind
from etl.mapping.inspect.authors import actor_words
from etl.mapping.inspect.column_names import ACTIVITIES, NULLS, OF_TICKET, ROWS_OWN, STATES, TICKET
from etl.mapping.inspect.histories import guess_history
from etl.mapping.inspect.logs import Log, guess_log, occurred_at
from etl.mapping.inspect.mapping_guess import MappingGuess
from etl.mapping.inspect.messages import guess_messages, guess_ratings, is_of_messages
from etl.mapping.inspect.process_logs import guess_process_log
from etl.mapping.inspect.profile import Profile, profile
from etl.mapping.inspect.tickets import guess_tickets
from etl.mapping.inspect.time_values import with_time_values
from etl.mapping.inspect.times import TimeForm, guess_time
from etl.mapping.mapping import Mapping, RowEvent
from etl.mapping.sections import File, Time
from etl.messages import Message
from etl.sources.xes_rows import STEP

_CONTRACT = {"ticket_id", "occurred_at", "kind"}
_MOST_ACTIVITIES = 300
_NEARLY_UNIQUE, _MOSTLY = 0.95, 0.5
_FEWEST_ENTRIES = 2
_MAY_BE_KEY = re.compile(r"\b(?:id|key|uuid|code|number|no|nr|nummer|numero)$")
_MAY_BE_TIME = re.compile(
    r"\b(?:date|time|day|hour|timestamp|created|updated|opened|closed|solved|started|ended|at|on|datum|zeit|"
    r"heure|jour|fecha|hora)\b"
)


def guess(rows: pl.DataFrame, file: File, source: str) -> MappingGuess:
    """What the columns mean and when things happened, as far as values and names tell.

    An empty mapping where they do not; `assumed` then says what was missing.

    Args:
        rows: some rows of the table.
        file: how the file is written.
        source: the file's name, which names the workflow where the table does not.
    """
    if rows.is_empty():
        return MappingGuess(Mapping(file=file))
    if set(rows.columns) >= _CONTRACT and _holds_kinds(rows["kind"]):
        return _contract(rows, file)
    table = profile(rows)
    if "case:concept:name" in rows.columns and STEP in rows.columns:
        return guess_process_log(table, file, source)
    if key := _lookup_key(table):
        return MappingGuess(Mapping(file=file), {}, [Message("guess.lookup", {"column": key})])
    ticket = _ticket(table)
    if ticket is None:
        return MappingGuess(Mapping(file=file), {}, [Message("guess.no_ticket")])
    mapping_guess = _row_per_ticket(table, ticket, file) or _row_per_event(table, ticket, file, source)
    if mapping_guess is None:
        code = "guess.no_meaning" if table.forms else "guess.no_times"
        if is_of_messages(table):
            code = "guess.no_author"
        return MappingGuess(Mapping(file=file), {}, [Message(code)])
    mapping = with_time_values(table, mapping_guess.mapping)
    mapping = mapping.model_copy(update={"null": _null_marks(table, mapping)})
    return MappingGuess(mapping, mapping_guess.because, mapping_guess.assumed)


def _holds_kinds(column: pl.Series) -> bool:
    texts = column.drop_nulls().cast(pl.String).str.strip_chars()
    return texts.is_empty() or float(texts.is_in(list(Kind)).mean() or 0) >= _MOSTLY  # type: ignore[arg-type]


def _contract(rows: pl.DataFrame, file: File) -> MappingGuess:
    form = guess_time(rows["occurred_at"])
    values = {}
    if "actor" in rows.columns:
        actors = rows["actor"].drop_nulls().cast(pl.String).unique().sort().to_list()
        ours = {text: actor for text, actor in actor_words(actors).items() if text.strip() != actor}
        values = {"actor": ours} if ours else {}
    event, assumed = _events_with_actor(rows), list(form.assumed)
    if event:
        assumed.append(Message("guess.replies_of_agents"))
    return MappingGuess(Mapping(file=file, time=_time(form), values=values, event=event), {}, assumed)


def _events_with_actor(rows: pl.DataFrame) -> list[RowEvent]:
    """An event per kind, where the table does not say who replied; none where it does, or has other kinds."""
    nobody = pl.lit(None, pl.String).alias("actor")
    texts = rows.select("kind", "actor" if "actor" in rows.columns else nobody).cast(pl.String)
    texts = texts.select(pl.all().str.strip_chars().replace("", None)).drop_nulls("kind")
    replied = texts.filter(pl.col("kind") == Kind.REPLIED)
    kinds = [kind for kind in Kind if kind in texts["kind"].to_list()]
    if not replied["actor"].null_count() or not texts["kind"].is_in(list(kinds)).all():
        return []
    events = [RowEvent(kind=kind, when={"kind": [kind]}) for kind in kinds if kind != Kind.REPLIED]
    stated = {"actor": [""]} if "actor" in rows.columns else {}
    if replied["actor"].count():
        events.append(RowEvent(kind=Kind.REPLIED, when={"kind": [Kind.REPLIED]}, unless=stated))
    by_agent = {"actor": Actor.AGENT.value}
    when = {"kind": [Kind.REPLIED.value], **stated}
    return [*events, RowEvent(kind=Kind.REPLIED, when=when, constants=by_agent)]


def _ticket(table: Profile) -> str | None:
    """The column of the ticket's id: by its name, the surest first, with a value in most rows."""
    for wanted in TICKET:
        for name, text in table.names.items():
            is_plain = name not in table.forms and table.rows[name].dtype != pl.Boolean
            if text == wanted and is_plain and table.fill(name) >= _MOSTLY * _filled_rows(table):
                return name
    return None


def _lookup_key(table: Profile) -> str | None:
    """The column that tells the rows apart, of a table without times that other tables may look up."""
    names = table.names
    if table.forms or table.rows.height < _FEWEST_ENTRIES or any(map(_MAY_BE_TIME.search, names.values())):
        return None
    if len(names) < 2 or OF_TICKET & set(names.values()):
        return None
    keys = (name for name, text in names.items() if _MAY_BE_KEY.search(text))
    return next((name for name in keys if table.distinct[name] == table.rows.height), None)


def _filled_rows(table: Profile) -> float:
    """The share of rows that hold anything; a footer of blank lines says nothing of a column."""
    return max((table.fill(name) for name in table.names), default=0)


def _row_per_ticket(table: Profile, ticket: str, file: File) -> MappingGuess | None:
    if table.distinct[ticket] < _NEARLY_UNIQUE * table.heights[ticket]:
        return None
    names = set(table.names.values())
    is_row_id = _is_beside_ticket(table, ticket)
    if names & set(ACTIVITIES) and not names & {"status", "state"}:
        return None
    if is_row_id:
        return None
    return guess_tickets(table, ticket, file)


def _is_beside_ticket(table: Profile, ticket: str) -> bool:
    """Whether rows have an id of their own beside the ticket's, so that they are of something else."""
    own = [name for name, text in table.names.items() if text in ROWS_OWN]
    own = [name for name in own if name != ticket and table.distinct[name] == table.rows.height]
    return table.names[ticket] in OF_TICKET and bool(own)


def _row_per_event(table: Profile, ticket: str, file: File, source: str) -> MappingGuess | None:
    at = occurred_at(table, ticket)
    if at is None:
        return None
    if mapping_guess := guess_history(table, ticket, at, file, source):
        return mapping_guess
    activity = _activity(table, ticket, ACTIVITIES)
    if activity is None and (mapping_guess := guess_messages(table, ticket, at, file)):
        return mapping_guess
    if activity is None and table.distinct[ticket] < _NEARLY_UNIQUE * table.heights[ticket]:
        activity = _activity(table, ticket, STATES)
    if activity:
        return guess_log(Log(table, ticket, activity, at), file, source)
    return guess_ratings(table, ticket, at, file)


def _activity(table: Profile, ticket: str, names: tuple[str, ...]) -> str | None:
    """The column that names what was done."""
    for wanted in names:
        for name, text in table.names.items():
            is_free = text == wanted and name != ticket and name not in table.forms
            is_filled = table.fill(name) >= _MOSTLY * _filled_rows(table)
            if is_free and is_filled and 0 < table.distinct[name] <= _MOST_ACTIVITIES:
                return name
    return None


def _null_marks(table: Profile, mapping: Mapping) -> list[str]:
    """Texts in the columns of use that usually mean: not known."""
    marks: dict[str, None] = {}
    for name in sorted(mapping.source_columns & set(table.names)):
        marks |= dict.fromkeys(mark for mark in table.empty_texts(name) if mark in NULLS)
    return list(marks)


def _time(form: TimeForm) -> Time:
    return Time(zone="UTC" if form.needs_zone else None, format=form.format)
