"""What the activities of a log may mean: by their names, and by where most cases begin and end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from etl.contract.kinds import Kind
from etl.mapping.inspect.names import words
from etl.messages import Message

_OBJECT = (
    r"^(?:(?:the|ticket|case|issue|incident|conversation|request|status|state|set|changed|marked|to|as) )*"
)
# What an activity of this name tells beside a step; the first that fits.
_MEANINGS: tuple[tuple[re.Pattern[str], tuple[Kind, ...]], ...] = (
    (re.compile(r"\b(re ?open(ed)?|wiedereroffnet|rouvert|reabierto)\b"), (Kind.REOPENED,)),
    (
        re.compile(
            rf"\b(closed?|closing)$|{_OBJECT}(close|geschlossen|abgeschlossen|ferme|cloture|cerrado)\b"
        ),
        (Kind.CLOSED, Kind.RUN_FINISHED),
    ),
    (
        re.compile(
            rf"{_OBJECT}(resolved?|solved?|gelost|erledigt|resolu|resuelto|solucionado)\b|{_OBJECT}(done|fixed|completed)$"
        ),
        (Kind.SOLVED,),
    ),
    (
        re.compile(
            rf"{_OBJECT}(re ?)?(assign(ed|ment)?|zugewiesen|assigne|asignado)( to (agent|group|team|queue))?$"
        ),
        (Kind.ASSIGNED,),
    ),
    (re.compile(rf"{_OBJECT}(escalat(e|ed|ion)|eskaliert|escalade|escalado)\b"), (Kind.ESCALATED,)),
)
_OPENED = re.compile(
    rf"{_OBJECT}(open(ed)?|created?|insert(ed)?|register(ed)?|new|submitted|received|erstellt|geoffnet|eroffnet|neu"
    r"|cree|ouvert|nouveau|creado|abierto|nuevo)\b"
)
_SIDE = r"(customer|client|requester|end user|user|caller|contact)"
_MESSAGE = r"(e ?mail|mail|message|reply|response|answer|comment|update|communication)"
_BY_CUSTOMER = re.compile(
    rf"\b{_MESSAGE} (received )?(from|by) (the )?{_SIDE}\b"
    rf"|\b{_SIDE} (replied|reply|responded|commented|message)\b"
)
_BY_AGENT = re.compile(
    rf"\b{_MESSAGE} (sent )?to (the )?{_SIDE}\b"
    r"|\b(agent|operator|support|staff|admin) (replied|reply|responded|response|answered)\b"
    r"|\bfirst (response|reply)( sent)?$"
)
_ENDS = {Kind.SOLVED, Kind.CLOSED, Kind.REOPENED}
# Of the cases, so many begin (end) with the activities that are taken to open (end) one.
_ENOUGH_CASES = 0.95
_LEAST_CASES = 0.02
_MOSTLY, _NEARLY_ALWAYS = 0.5, 0.8


@dataclass(frozen=True)
class Meanings:
    """What activities tell beside a step, by their names; `replies`: by whose side, its activities.

    `opens_first`: whether so many tickets begin with an activity that opens them that the first row of every
    ticket does.
    `ends_last`: whether no activity says what ends a ticket, so that its last row does.
    """

    kinds: dict[str, list[Kind]]
    replies: dict[str, list[str]]
    assumed: list[Message]
    opens_first: bool = False
    ends_last: bool = False

    def activities_of(self, kind: Kind) -> list[str]:
        """The activities that tell this kind."""
        return [name for name, kinds in self.kinds.items() if kind in kinds]


def meanings(
    log: pl.DataFrame,
    *,
    opens: bool = True,
    overrides: Mapping[str, list[Kind]] | None = None,
    has_places: bool = False,
) -> Meanings:
    """What the activities of a log tell.

    An activity opens tickets only if it is the first of most tickets that it occurs in.

    Args:
        log: a row per event in the order of time: `ticket`, `activity`.
        opens: whether activities may open tickets; not, where a column says when they were opened.
        overrides: what activities tell whose names say nothing, or say something else.
        has_places: whether a mapping can say of the rows which is the first or last of its ticket.
    """
    kinds: dict[str, list[Kind]] = {}
    names = sorted(log["activity"].drop_nulls().unique())
    for name in names:
        kinds[name] = list((overrides or {}).get(name, _by_name(name)))
    cases = log.group_by("ticket").agg(
        first=pl.col("activity").first(), last=pl.col("activity").last(), n=pl.len()
    )
    held = log.group_by("activity").agg(cases=pl.col("ticket").n_unique())
    if opens:
        begins = cases["first"].value_counts().join(held, left_on="first", right_on="activity")
        often = begins.filter(pl.col("count") >= _MOSTLY * pl.col("cases"))["first"].to_list()
        openers = [name for name in often if _OPENED.search(words(name))]
        for name in dict.fromkeys([*_at_end(cases["first"], held, cases.height), *openers]):
            if not _ENDS.intersection(kinds[name]):
                kinds[name] = [Kind.OPENED, *kinds[name]]
    for name, end in _ends(cases, held, kinds).items():
        kinds[name] = list(dict.fromkeys([*kinds[name], *end]))
    openers = [name for name, meaning in kinds.items() if Kind.OPENED in meaning]
    opens_first = has_places and opens and cases["first"].is_in(openers).sum() >= _ENOUGH_CASES * cases.height
    ended = {kind for meaning in kinds.values() for kind in meaning} & {*_ENDS, Kind.RUN_FINISHED}
    ends_last = has_places and not ended and (cases["n"] > 1).sum() >= _MOSTLY * cases.height
    replies = {
        actor: texts
        for actor, pattern in (("agent", _BY_AGENT), ("customer", _BY_CUSTOMER))
        if (texts := [name for name in names if pattern.search(words(name))])
    }
    kinds = {name: meaning for name, meaning in kinds.items() if meaning}
    assumed = _assumptions(kinds, replies, opens_first=opens_first, has_places=has_places)
    present = {kind for meaning in kinds.values() for kind in meaning}
    if ends_last:
        assumed.append(Message("guess.ends_last"))
        present |= {Kind.SOLVED, Kind.RUN_FINISHED}
    wanted = [*([Kind.OPENED] if opens else []), Kind.SOLVED, Kind.RUN_FINISHED]
    if missing := [kind.value for kind in wanted if kind not in present]:
        assumed.append(Message("guess.no_kind", {"kinds": missing}))
    return Meanings(kinds, replies, assumed, opens_first, ends_last)


def _ends(cases: pl.DataFrame, held: pl.DataFrame, kinds: dict[str, list[Kind]]) -> dict[str, list[Kind]]:
    """The activities that end a run, if none does by its name: those that most cases end with."""
    if any(Kind.RUN_FINISHED in each for each in kinds.values()):
        return {}
    longer = cases.filter(pl.col("n") > 1)
    last = _at_end(longer["last"], held, longer.height, _NEARLY_ALWAYS)
    ends = [name for name in last if Kind.OPENED not in kinds[name]]
    solves = [name for name in ends if Kind.SOLVED in kinds[name]]
    if solves:
        return {name: [Kind.RUN_FINISHED] for name in solves}
    is_solved = any(Kind.SOLVED in each for each in kinds.values())
    return {name: [*([] if is_solved else [Kind.CLOSED]), Kind.RUN_FINISHED] for name in ends}


def by_name(activity: str) -> set[Kind]:
    """What an activity of this name tells beside a step."""
    return set(_by_name(activity))


def _by_name(activity: str) -> list[Kind]:
    text = words(activity)
    return next((list(kinds) for pattern, kinds in _MEANINGS if pattern.search(text)), [])


def _at_end(ends: pl.Series, held: pl.DataFrame, cases: int, share: float = _MOSTLY) -> list[str]:
    """The fewest activities that stand at this end of nearly all cases, and mostly there."""
    name = ends.name
    counts = ends.drop_nulls().value_counts(sort=True).join(held, left_on=name, right_on="activity")
    activities, covered = [], 0
    for activity, count, occurs in counts.sort("count", name, descending=[True, False]).iter_rows():
        if covered >= _ENOUGH_CASES * cases or count < max(_LEAST_CASES * cases, 1):
            break
        if count >= share * occurs:
            activities.append(activity)
            covered += count
    return activities if covered >= _MOSTLY * cases else []


def _assumptions(
    kinds: dict[str, list[Kind]], replies: dict[str, list[str]], *, opens_first: bool, has_places: bool
) -> list[Message]:
    assumed = []
    openers = [name for name, meaning in kinds.items() if Kind.OPENED in meaning] if has_places else []
    if opens_first:
        assumed.append(Message("guess.opens_first"))
    elif openers:
        assumed.append(Message("guess.opens_where_first", {"names": openers}))
    for name, meaning in kinds.items():
        others = [kind.value for kind in meaning if not (has_places and kind == Kind.OPENED)]
        if others:
            assumed.append(Message("guess.kinds", {"name": name, "kinds": others}))
    return [
        *assumed,
        *(Message("guess.replies", {"actor": actor, "names": names}) for actor, names in replies.items()),
    ]
