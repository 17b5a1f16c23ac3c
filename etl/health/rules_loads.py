"""What the counts say about loads: rejected, repeated and contradicting rows, ties cut by a file boundary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from etl.health.finding import Check, Judgement, Row, fine, notable
from etl.health.limits import Limits
from etl.messages import Message, rejection


def _rejected_rows(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    by_source: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_source[row["source"]].append(row)
    return [fine({}), *(_rejected_rows_of(source, rules, limits) for source, rules in by_source.items())]


def _rejected_rows_of(source: str, rules: list[Row], limits: Limits) -> Judgement:
    rejected, read = sum(row["rows"] for row in rules), max(row["read"] for row in rules)
    reasons = [
        Message(
            "health.rejected_rows.reason",
            {"rows": row["rows"], "rule": row["rule"], "reason": rejection(row["rule"])},
        )
        for row in rules[:3]
    ]
    row = {
        "source": source,
        "rows": rejected,
        "read": read,
        "rules": {row["rule"]: row["rows"] for row in rules},
        "load_id": max(row["load_id"] for row in rules),
    }
    message = Message("health.rejected_rows.some", {"rejected": rejected, "read": read, "reasons": reasons})
    return notable(row, message, is_bad=rejected >= limits.fewest and rejected > limits.rejected * read)


def _duplicates(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    return [_duplicates_of(row, limits) for row in rows if row["read"] >= limits.fewest]


def _duplicates_of(row: Row, limits: Limits) -> Judgement:
    repeated, read, usual = row["duplicates"], row["read"], row["usual_share"]
    is_surge = usual is not None and repeated > limits.duplicates_above_usual * usual * read
    if repeated < limits.duplicates * read or (usual is not None and not is_surge):
        return fine(row)
    values = {"repeated": repeated, "read": read, "share": repeated / read}
    if usual is None:
        return notable(row, Message("health.duplicates.many", values), is_bad=False)
    return notable(row, Message("health.duplicates.surge", values | {"usual": usual}), is_bad=True)


def _skipped_rows(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    return _by_file(rows, "skipped", limits.skipped, limits.fewest, _skipped)


def _skipped(row: Row) -> Message:
    return Message("health.skipped_rows.some", row | {"share": row["skipped"] / row["read"]})


def _repeated_rows(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    return _by_file(rows, "repeated", limits.duplicates, limits.fewest, _repeated)


def _repeated(row: Row) -> Message:
    return Message("health.repeated_rows.some", row | {"share": row["repeated"] / row["read"]})


def _by_file(
    rows: Sequence[Row], count: str, most: float, fewest: int, message: Callable[[Row], Message]
) -> list[Judgement]:
    """Files with a share of such rows beyond a limit; where there is none, how many there are together."""
    many = [row for row in rows if row["read"] >= fewest and row[count] > most * row["read"]]
    if not rows or many:
        return [fine({}), *(notable(row, message(_counts(row, count)), is_bad=False) for row in many)]
    together = {name: sum(row[name] for row in rows) for name in (count, "read")}
    return [fine(together, message(together))]


def _counts(row: Row, count: str) -> Row:
    return {name: row[name] for name in (count, "read")}


def _conflicts(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    return [fine({}), *(_conflicts_of(row, limits) for row in rows)]


def _conflicts_of(row: Row, limits: Limits) -> Judgement:
    conflicts, other = row["conflicts"], row["standing_source"] or Message("health.conflicts.gone")
    if other == row["source"]:
        other = Message("health.conflicts.itself")
    values = {"conflicts": conflicts, "tickets": row["tickets"], "other": other}
    is_many = conflicts >= limits.fewest and conflicts > limits.conflicts * (row["events"] or 0)
    is_bad = is_many and not row["are_corrections"]
    return notable(row, Message("health.conflicts.some", values), is_bad=is_bad)


def _cut_ties(rows: Sequence[Row], _: Limits) -> list[Judgement]:
    return [fine({}), *(_cut_ties_of(row) for row in rows)]


def _cut_ties_of(row: Row) -> Judgement:
    message = Message("health.cut_ties.some", {"ties": row["ties"], "tickets": row["tickets"]})
    return notable(row, message, is_bad=False)


CHECKS = (
    Check("rejected_rows", _rejected_rows),
    Check("skipped_rows", _skipped_rows),
    Check("duplicates", _duplicates),
    Check("repeated_rows", _repeated_rows),
    Check("conflicts", _conflicts),
    Check("cut_ties", _cut_ties),
)
