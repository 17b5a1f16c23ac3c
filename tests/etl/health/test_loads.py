"""Refused, repeated and contradicting rows, and ties that a file boundary cuts, through the gate itself."""

from __future__ import annotations

from pathlib import Path

from etl.health.finding import Finding, Severity
from etl.health.run_checks import CHECKS, findings, run_checks
from etl.mapping.mapping import Mapping
from etl.messages import TEMPLATES
from tests.etl.desk import CSV_HEADER, Desk
from tests.etl.health.histories import MONDAY, Ward, event

ROOT = Path(__file__).parents[3]


def line(number: int, name: str = "e", kind: str = "opened", minute: int = 0) -> str:
    return f"{name}{number},2026-03-02T09:{minute:02}:00Z,{name}{number},{kind}\n"


def lines(numbers: range, name: str = "e") -> str:
    return CSV_HEADER + "".join(line(number, name) for number in numbers)


def found(desk: Desk, check: str) -> list[Finding]:
    return run_checks(desk.connection, checks=[each for each in CHECKS if each.name == check])


def test_refused_rows_are_counted_by_rule(desk: Desk) -> None:
    desk.load(desk.file(lines(range(50))))
    assert found(desk, "rejected_rows")[0].severity == Severity.OK
    desk.load(desk.file(lines(range(30)) + "x,soon,x,opened\ny,2026-03-02T09:00Z,y,open\n", "bad.csv"))
    (finding,) = found(desk, "rejected_rows")
    assert (finding.severity, finding.source, finding.load_id) == (Severity.LOOK, "bad.csv", 2)
    assert finding.numbers["rules"] == {"occurred_at_unreadable": 1, "kind_unknown": 1}
    desk.load(desk.file(lines(range(30)) + "x,soon,x,opened\n" * 25, "worse.csv"))
    assert [finding.severity for finding in found(desk, "rejected_rows")] == [
        Severity.SUSPICIOUS,
        Severity.LOOK,
    ]


def test_skipped_rows_are_counted_and_many_of_them_need_a_look(desk: Desk) -> None:
    assert found(desk, "skipped_rows")[0].message.code == "health.skipped_rows.unknown"
    mapping = Mapping.model_validate({"activity": "kind", "activities": {"opened": ["opened"], "*": []}})
    note = "n,2026-03-02T09:00Z,e1,note\n"
    desk.load(desk.file(lines(range(30)) + note), mapping)
    (finding,) = found(desk, "skipped_rows")
    assert (finding.severity, finding.numbers) == (Severity.OK, {"skipped": 1, "read": 31})
    assert str(finding.message) == "1 row of 31 (3%) gave no event by the mapping."
    desk.load(desk.file(lines(range(30)) + note * 20, "notes.csv"), mapping)
    (finding,) = found(desk, "skipped_rows")
    assert (finding.severity, finding.source) == (Severity.LOOK, "notes.csv")


def test_rows_equal_in_all_that_is_used_are_counted(desk: Desk) -> None:
    header, row = "occurred_at,ticket_id,kind,status\n", "2026-03-02T09:00Z,t,opened,"
    desk.load(desk.file(f"{header}{row}solved\n{row}closed\n"))
    (finding,) = found(desk, "repeated_rows")
    assert (finding.severity, finding.numbers) == (Severity.OK, {"repeated": 1, "read": 2})


def test_a_load_with_far_more_repeated_rows_than_its_like_is_a_surge(desk: Desk) -> None:
    for day in range(4):
        desk.load(desk.file(lines(range(day * 100, day * 100 + 102)), f"day-{day}.csv"))
    assert found(desk, "duplicates")[0].severity == Severity.OK
    desk.load(desk.file(lines(range(330, 430)), "day-4.csv"))
    (finding,) = found(desk, "duplicates")
    assert (finding.severity, finding.source, finding.load_id) == (Severity.SUSPICIOUS, "day-4.csv", 5)


def test_loading_a_file_again_is_no_surge(desk: Desk) -> None:
    path = desk.file(lines(range(50)))
    desk.load(path)
    desk.load(path)
    assert found(desk, "duplicates")[0].severity == Severity.OK


def test_exports_that_always_overlap_are_no_surge(desk: Desk) -> None:
    for day in range(4):
        desk.load(desk.file(lines(range(day * 50, day * 50 + 100)), f"rolling-{day}.csv"))
    assert found(desk, "duplicates")[0].severity == Severity.OK


def test_rows_that_contradict_one_another_name_both_sources(desk: Desk) -> None:
    desk.load(desk.file(lines(range(50)), "crm.csv"))
    assert found(desk, "conflicts")[0].severity == Severity.OK
    desk.load(desk.file(CSV_HEADER + line(1, minute=5) + line(60), "phone.csv"))
    (finding,) = found(desk, "conflicts")
    assert finding.severity == Severity.LOOK
    assert {finding.source, finding.numbers["standing_source"]} == {"crm.csv", "phone.csv"}


def test_rows_of_two_loads_of_one_name_do_not_contradict_their_own_file(desk: Desk) -> None:
    folder = desk.file("", "x").parent
    header, row = "occurred_at,ticket_id,kind,reason\n", "2026-03-02T09:00Z,t1,opened,"
    for reason in ("billing", "delivery"):
        (folder / reason).mkdir()
        path = folder / reason / "log.csv"
        path.write_text(f"{header}{row}{reason}\n")
        desk.load(path)
    (finding,) = found(desk, "conflicts")
    assert "those of another load of a file with the same name" in str(finding.message)
    desk.load(desk.file(f"{header}{row.replace('t1', 't2')}a\n{row.replace('t1', 't2')}b\n", "own.csv"))
    said = " ".join(str(each.message) for each in found(desk, "conflicts"))
    assert "others of the same file" in said


def test_a_newer_export_that_corrects_an_older_one_is_no_cause_for_alarm(desk: Desk) -> None:
    header = "occurred_at,ticket_id,kind,reason\n"
    rows = [f"2026-03-02T09:00Z,t{number},opened," for number in range(40)]
    for name, reason in (("week-1.csv", "billing"), ("week-2.csv", "delivery")):
        desk.load(desk.file(header + "".join(f"{row}{reason}\n" for row in rows), name))
    assert found(desk, "duplicates")[0].severity == Severity.OK
    (finding,) = found(desk, "conflicts")
    assert (finding.severity, finding.source) == (Severity.LOOK, "week-1.csv")
    desk.load(desk.file(header + "".join(f"{row}damage\n" for row in rows), "crm.csv"))
    assert found(desk, "conflicts")[0].severity == Severity.SUSPICIOUS


def test_two_systems_whose_names_differ_in_a_digit_are_no_family(desk: Desk) -> None:
    """One of them stops, the other goes on."""
    for source, days in (("desk1", (1, 2, 3)), ("desk2", (1, 2, 3, 20))):
        for day in days:
            rows = f"{CSV_HEADER}{day},2026-02-{day:02}T09:00Z,{source}-{day},opened\n"
            desk.load(desk.file(rows, "ev.csv"), Mapping(source=source))
    (finding,) = found(desk, "freshness")
    assert (finding.message.code, finding.source) == ("health.freshness.behind", "desk1: ev.csv")


def test_a_tie_within_a_file_is_in_order_and_one_cut_by_a_file_boundary_is_counted(desk: Desk) -> None:
    tie = ["a,2026-03-02T09:00Z,t,opened\n", "b,2026-03-02T09:00Z,t,solved\n"]
    desk.load(desk.file(CSV_HEADER + "".join(tie)))
    assert found(desk, "cut_ties")[0].severity == Severity.OK
    desk.load(desk.file(CSV_HEADER + "c,2026-03-02T09:00Z,t,reopened\nd,2026-03-02T10:00Z,t,solved\n"))
    (finding,) = found(desk, "cut_ties")
    assert (finding.severity, finding.numbers["ties"]) == (Severity.LOOK, 1)


def test_places_that_the_source_gives_are_not_cut(desk: Desk) -> None:
    header = CSV_HEADER.replace("kind", "kind,seq")
    desk.load(desk.file(header + "a,2026-03-02T09:00Z,t,opened,1\n"))
    desk.load(desk.file(header + "b,2026-03-02T09:00Z,t,solved,2\n"))
    assert found(desk, "cut_ties")[0].severity == Severity.OK
    desk.load(desk.file(header + "c,2026-03-02T09:00Z,t,reopened,2\n"))
    (finding,) = found(desk, "cut_ties")
    assert (finding.severity, finding.numbers["ties"]) == (Severity.LOOK, 1)


def test_a_place_that_the_source_gives_says_nothing_of_a_file_without_any(desk: Desk) -> None:
    desk.load(desk.file(CSV_HEADER.replace("kind", "kind,seq") + "a,2026-03-02T09:00Z,t,solved,7\n"))
    desk.load(desk.file(CSV_HEADER + "b,2026-03-02T09:00Z,t,opened\nc,2026-03-02T10:00Z,t,closed\n"))
    (finding,) = found(desk, "cut_ties")
    assert (finding.severity, finding.numbers["ties"]) == (Severity.LOOK, 1)


def test_findings_are_stored_the_worst_first_and_read_back(desk: Desk) -> None:
    assert findings(desk.connection) == []
    desk.load(desk.file(lines(range(30)) + "x,soon,x,opened\n" * 25))
    made = run_checks(desk.connection)
    assert [kept.model_dump() for kept in findings(desk.connection)] == [each.model_dump() for each in made]
    order = [list(Severity).index(finding.severity) for finding in made]
    assert order == sorted(order)
    assert all(finding.message.code in TEMPLATES for finding in made)


def test_what_is_stored_holds_no_sentence(desk: Desk) -> None:
    run_checks(desk.connection)
    stored = desk.connection.sql("SELECT json_keys(message) FROM health").fetchall()
    assert {tuple(keys) for (keys,) in stored} == {("code", "values")}


def test_findings_of_an_earlier_version_are_as_if_nothing_had_been_examined(desk: Desk) -> None:
    """Its table held sentences: the position, the check and so on, with `seen`, `why` and `todo`."""
    run_checks(desk.connection)
    desk.connection.execute(
        "CREATE OR REPLACE TABLE health AS "
        "SELECT * EXCLUDE (message), 'Seen.' AS seen, 'Why.' AS why, 'Do.' AS todo FROM health"
    )
    assert findings(desk.connection) == []
    assert run_checks(desk.connection)
    assert findings(desk.connection)


def test_a_rejected_row_is_explained_by_its_rule_in_every_language(desk: Desk) -> None:
    desk.load(desk.file(lines(range(30)) + "x,soon,x,opened\n"))
    (finding,) = found(desk, "rejected_rows")
    assert str(finding.message) == (
        "1 row rejected of 31 read: 1 for occurred_at_unreadable (occurred_at cannot be read as a date and "
        "time)."
    )
    reason = finding.message.as_data()["values"]["reasons"][0]["values"]["reason"]
    assert reason == {"code": "rule.occurred_at_unreadable", "values": {}}


def test_every_check_says_something_even_on_nothing(desk: Desk) -> None:
    made = run_checks(desk.connection)
    assert {finding.severity for finding in made} == {Severity.OK}
    assert len({finding.check for finding in made}) == len(made)


def test_every_query_is_a_check_and_explained_in_the_docs(desk: Desk) -> None:
    queries = {path.stem for path in (ROOT / "etl" / "health" / "checks").glob("*.sql")}
    assert queries <= {finding.check for finding in run_checks(desk.connection)}
    text = (ROOT / "docs" / "HEALTH.md").read_text("utf-8")
    assert not {query for query in queries if f"`{query}`" not in text}


def test_names_of_sources_are_data() -> None:
    made = Ward()
    made.load([event("a", MONDAY, "solved")], """it's "=1+1"; DROP TABLE events.csv""")
    assert made.found("missing_openings")[0].source == """it's "=1+1"; DROP TABLE events.csv"""
