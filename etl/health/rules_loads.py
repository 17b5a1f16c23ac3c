"""What the counts say about loads: refused, repeated and contradicting rows, ties cut by a file boundary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from etl.health.finding import Check, Judgement, Row, Severity
from etl.health.limits import Limits
from etl.health.wording import counted, percent
from etl.messages import rejection


def _rejected_rows(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    by_source: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_source[row["source"]].append(row)
    judgements = [Judgement(Severity.OK, "", None, {})]
    for source, rules in by_source.items():
        refused, read = sum(row["rows"] for row in rules), max(row["read"] for row in rules)
        worst = "; ".join(
            f"{row['rows']:,} for {row['rule']} ({rejection(row['rule'])})" for row in rules[:3]
        )
        seen = f"{counted(refused, 'row')} refused of {read:,} read: {worst}."
        is_bad = refused >= limits.fewest and refused > limits.rejected * read
        row = {
            "rows": refused,
            "read": read,
            "rules": {row["rule"]: row["rows"] for row in rules},
            "load_id": max(row["load_id"] for row in rules),
        }
        severity = Severity.SUSPICIOUS if is_bad else Severity.LOOK
        judgements.append(Judgement(severity, seen, source, row))
    return judgements


def _duplicates(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    judgements = []
    for row in rows:
        repeated, read, usual = row["duplicates"], row["read"], row["usual_share"]
        if read < limits.fewest:
            continue
        is_surge = usual is not None and repeated > limits.duplicates_above_usual * usual * read
        if repeated < limits.duplicates * read or (usual is not None and not is_surge):
            judgements.append(Judgement(Severity.OK, "", row["source"], row))
            continue
        others = f"; usual for its like is {percent(usual, 1)}" if usual is not None else ""
        seen = (
            f"{counted(repeated, 'row')} of {read:,} ({percent(repeated, read)}) were there already{others}."
        )
        judgements.append(
            Judgement(Severity.SUSPICIOUS if is_surge else Severity.LOOK, seen, row["source"], row)
        )
    return judgements


def _conflicts(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    judgements = [Judgement(Severity.OK, "", None, {})]
    for row in rows:
        other = row["standing_source"] or "an event that is gone"
        against = "itself" if other == row["source"] else other
        seen = (
            f"{counted(row['conflicts'], 'event')} in {counted(row['tickets'], 'ticket')} contradict "
            f"{against}: "
            "the same event_id, but other content. One of each stands, the other is kept aside."
        )
        is_bad = row["conflicts"] >= limits.fewest and row["conflicts"] > limits.conflicts * (
            row["events"] or 0
        )
        judgements.append(
            Judgement(Severity.SUSPICIOUS if is_bad else Severity.LOOK, seen, row["source"], row)
        )
    return judgements


def _cut_ties(rows: Sequence[Row], _: Limits) -> list[Judgement]:
    return [Judgement(Severity.OK, "", None, {})] + [
        Judgement(
            Severity.LOOK,
            f"{counted(row['ties'], 'tie')} in {counted(row['tickets'], 'ticket')}: events of one ticket at "
            "the same instant and place came in different files, so which was first is not known.",
            row["source"],
            row,
        )
        for row in rows
    ]


CHECKS = (
    Check(
        "rejected_rows",
        "What was refused is in no number.",
        "See the rows with `stepsight rejected`, mend them in the source or the mapping, and load the file "
        "again: only they are added. Rows mended since stay listed here.",
        "No row was refused.",
        "Not known: nothing is loaded.",
        _rejected_rows,
    ),
    Check(
        "duplicates",
        "Repeated rows change no number, but a surge of them says that an export went wrong, and that rows "
        "which ought to be there instead may be missing.",
        "Check the period that the file was exported for.",
        "No load has unusually many repeated rows.",
        "Not known: no load has enough rows.",
        _duplicates,
    ),
    Check(
        "conflicts",
        "Two rows claim to be the same event. A fixed rule on their content decides which stands, not the "
        "truth.",
        "Find out which source is right, and let only that one tell these events.",
        "No two rows contradict one another.",
        "Not known: nothing is loaded.",
        _conflicts,
    ),
    Check(
        "cut_ties",
        "The order of events at one instant decides which step was left for which; a file boundary loses it.",
        "Export with a `seq` column, or so that a file ends between two instants.",
        "No file boundary cuts events of one ticket and instant.",
        "Not known: nothing is loaded.",
        _cut_ties,
    ),
)
