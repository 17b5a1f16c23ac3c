"""What the counts say about loads: rejected, repeated and contradicting rows, ties cut by a file boundary."""

from __future__ import annotations

from etl.health.finding import Check, Outcome, Row, fine, notable
from etl.health.limits import Limits
from etl.messages import Message, rejection


def _rejected_rows(rules: list[Row], limits: Limits) -> Outcome:
    rejected, read = sum(row["rows"] for row in rules), max(row["read"] for row in rules)
    reasons = [
        Message(
            "health.rejected_rows.reason",
            {"rows": row["rows"], "rule": row["rule"], "reason": rejection(row["rule"])},
        )
        for row in rules[:3]
    ]
    row = {
        "source": rules[0]["source"],
        "rows": rejected,
        "read": read,
        "rules": {row["rule"]: row["rows"] for row in rules},
        "load_id": max(row["load_id"] for row in rules),
    }
    values = {"rejected": rejected, "read": read, "reasons": reasons}
    is_bad = rejected >= limits.fewest and rejected > limits.rejected * read
    return notable(row, "health.rejected_rows.some", values, is_bad=is_bad)


def _duplicates(row: Row, limits: Limits) -> Outcome | None:
    repeated, read, normal = row["duplicates"], row["read"], row["usual_share"]
    if read < limits.fewest:
        return None
    is_surge = normal is not None and repeated > limits.duplicates_above_usual * normal * read
    if repeated < limits.duplicates * read or (normal is not None and not is_surge):
        return fine(row)
    values = {"repeated": repeated, "read": read, "share": repeated / read}
    if normal is None:
        return notable(row, "health.duplicates.many", values, is_bad=False)
    return notable(row, "health.duplicates.surge", values | {"usual_share": normal}, is_bad=True)


def _skipped_rows(row: Row, limits: Limits) -> Outcome:
    values = {"skipped": row["skipped"], "read": row["read"], "share": row["skipped"] / row["read"]}
    if row["read"] >= limits.fewest and row["skipped"] > limits.skipped * row["read"]:
        return notable(row, "health.skipped_rows.some", values, is_bad=False)
    return fine(row, Message("health.skipped_rows.some", values))


def _repeated_rows(row: Row, limits: Limits) -> Outcome:
    values = {"repeated": row["repeated"], "read": row["read"], "share": row["repeated"] / row["read"]}
    if row["read"] >= limits.fewest and row["repeated"] > limits.duplicates * row["read"]:
        return notable(row, "health.repeated_rows.some", values, is_bad=False)
    return fine(row, Message("health.repeated_rows.some", values))


def _conflicts(row: Row, limits: Limits) -> Outcome:
    conflicts, other = row["conflicts"], row["standing_source"] or Message("health.conflicts.gone")
    if other == row["source"]:
        is_own = row["is_same_load"]
        other = Message("health.conflicts.itself") if is_own else Message("health.conflicts.same_name")
    values = {"conflicts": conflicts, "tickets": row["tickets"], "other": other}
    is_many = conflicts >= limits.fewest and conflicts > limits.conflicts * (row["events"] or 0)
    is_bad = is_many and not row["are_corrections"]
    return notable(row, "health.conflicts.some", values, is_bad=is_bad)


def _cut_ties(row: Row, _: Limits) -> Outcome:
    values = {"ties": row["ties"], "tickets": row["tickets"]}
    return notable(row, "health.cut_ties.some", values, is_bad=False)


_ROWS = "SELECT 1 FROM loads WHERE read > 0 LIMIT 1"
_SEVERAL_LOADS = "SELECT 1 FROM health_hours HAVING count(DISTINCT load_id) > 1"

CHECKS = (
    Check("rejected_rows", _rejected_rows, by_source=True, subject=_ROWS),
    Check("skipped_rows", _skipped_rows, subject=_ROWS),
    Check("duplicates", _duplicates),
    Check("repeated_rows", _repeated_rows, subject=_ROWS),
    Check("conflicts", _conflicts, subject=_ROWS),
    Check("cut_ties", _cut_ties, subject=_SEVERAL_LOADS),
)
