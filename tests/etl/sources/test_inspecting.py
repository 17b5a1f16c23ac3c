"""A look into a file says what a load would do, guesses in the open, and says what it assumed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stepsight
from commands.inspection_lines import inspection_lines
from dashboard.language.mapping_text import mapping_text
from dashboard.language.messages import say
from etl.contract.events import COLUMNS
from etl.contract.instants import Bounds
from etl.contract.kinds import Kind
from etl.errors import InvalidMapping, UnreadableFile
from etl.mapping.inspect import inspect, mapping_toml, write_mapping
from etl.mapping.inspect.process_logs import LIFECYCLE
from etl.mapping.inspect.times import guess_time
from etl.mapping.mapping import Mapping, RowEvent
from etl.mapping.mapping_file import read_mapping
from etl.mapping.sections import File, Identity, Time
from etl.messages import TEMPLATES, Message
from tests.etl.desk import LOADED_AT, Desk
from tests.etl.sources.writing import KINDS, THREE, as_csv, xes
from tests.in_language import in_language
from tests.lengths import examples

ROOT = Path(__file__).parents[3]
FORMATS = ("%d/%m/%Y %H:%M", "%m.%d.%Y", "%Y-%m-%dT%H:%M:%S%z", "%d/%b/%y %I:%M %p")
LOG = """Case ID;Activity;Resource;Complete Timestamp;Priority
A-1;Open;Zoë;13.02.2026 09:00;hoch
A-1;Close;Zoë;13.02.2026 10:00;
A-2;Open;;31.02.2026 10:00;
"""


def test_a_contract_file_needs_no_mapping(desk: Desk) -> None:
    for name, write in KINDS.items():
        found = inspect(desk.file(write(THREE), name))
        if name != "events.xes":
            assert (found.mapping, found.problem, found.tickets) == (Mapping(), None, 1)
            assert "no mapping is needed" in "\n".join(inspection_lines(found))


def test_columns_are_shown_with_type_share_of_nulls_and_examples(desk: Desk) -> None:
    found = inspect(desk.file(LOG))
    columns = {column.name: column for column in found.columns}
    assert columns["Resource"].null_share == pytest.approx(1 / 3)
    assert columns["Resource"].examples == ["Zoë"]
    assert columns["Case ID"].becomes == ["ticket_id"]
    assert columns["Activity"].becomes == ["activity"]


def test_a_guess_names_columns_delimiter_date_order_and_zone(desk: Desk) -> None:
    found = inspect(desk.file(LOG))
    assert found.is_guess
    assert found.mapping.columns == {
        "ticket_id": "Case ID",
        "occurred_at": "Complete Timestamp",
        "agent_id": "Resource",
        "priority": "Priority",
    }
    assert (found.mapping.file.delimiter, found.mapping.time.format) == (";", "%d.%m.%Y %H:%M")
    assert found.mapping.activities["Close"] == [Kind.ENTERED, Kind.CLOSED, Kind.RUN_FINISHED]
    assert any("carry no offset" in str(message) for message in found.assumed)


def test_what_would_be_rejected_is_counted_by_rule_with_an_example(desk: Desk) -> None:
    found = inspect(desk.file(LOG.replace("31.02.2026", "32.02.2026").replace("A-1;Close", ";Close")))
    by_rule = {refusal.rule: refusal for refusal in found.rejected}
    assert {rule: refusal.rows for rule, refusal in by_rule.items()} == {
        "ticket_id_missing": 1,
        "occurred_at_unreadable": 1,
    }
    assert by_rule["occurred_at_unreadable"].position == 3
    assert by_rule["occurred_at_unreadable"].content["Case ID"] == "A-2"


@pytest.mark.parametrize(
    ("texts", "form", "says"),
    [
        (["3/4/2026 09:00", "12/1/2026 10:00"], "%d/%m/%Y %H:%M", "could be either"),
        (["3/4/2026 09:00", "13/1/2026 10:00"], "%d/%m/%Y %H:%M", "'13/1/2026 10:00' can be nothing else"),
        (["3/4/2026 09:00 PM", "1/13/2026 10:00 AM"], "%m/%d/%Y %I:%M %p", "month first"),
        (["3.4.2026 09:00"], "%d.%m.%Y %H:%M", "could be either"),
        (["2026/04/03 09:00:00.123"], "%Y/%m/%d %H:%M:%S%.f", "carry no offset"),
        (["2026-04-03 09:00"], None, "carry no offset"),
        (["2026-04-03"], "%Y-%m-%d", "carry no offset"),
    ],
)
def test_the_order_of_dates_is_told_or_said_to_be_open(texts: list[str], form: str | None, says: str) -> None:
    found = guess_time(pl.Series("when", texts))
    assert (found.format, found.fits, found.needs_zone) == (form, 1.0, True)
    assert says in " ".join(map(str, found.assumed))


def test_an_instant_with_an_offset_leaves_nothing_open() -> None:
    found = guess_time(pl.Series("when", ["2026-04-03T09:00:00+02:00", "2026-04-03 09:00Z"]))
    assert (found.format, found.needs_zone, found.assumed) == (None, False, [])


@pytest.mark.parametrize("texts", [["soon", "later"], ["1", "2"], [], [None]])
def test_what_is_no_time_is_not_taken_for_one(texts: list[str | None]) -> None:
    assert guess_time(pl.Series("when", texts, dtype=pl.String)).fits == 0


def test_a_table_with_a_row_per_ticket_tells_an_event_for_each_time(desk: Desk) -> None:
    text = "id,created_at,solved_at,closed_at\n1,2026-03-02 09:00,2026-03-02 10:00,\n2,2026-03-02 09:00,,\n"
    found = inspect(desk.file(text))
    assert found.events == {"opened": 2, "solved": 1}
    assert found.rejected == []


def test_a_column_becomes_all_that_any_event_takes_of_it(desk: Desk) -> None:
    tickets = "id,made,done,who,custom_plan,team\n1,2026-03-02T09:00Z,2026-03-02T10:00Z,c7,gold,a\n"
    columns = {"ticket_id": "id", "customer_id": "who", "occurred_at": "made"}
    events = [
        RowEvent(kind=Kind.OPENED, columns=columns),
        RowEvent(kind=Kind.SOLVED, columns=columns | {"occurred_at": "done", "custom_plan": "custom_plan"}),
    ]
    path = desk.file(tickets)
    becomes = {each.name: [*map(str, each.becomes)] for each in inspect(path, Mapping(event=events)).columns}
    assert becomes == {
        "id": ["ticket_id"],
        "made": ["time of opened"],
        "done": ["time of solved"],
        "who": ["customer_id"],
        "custom_plan": ["custom_plan"],
        "team": [],  # no event takes it
    }
    plain = Mapping(columns={"ticket_id": "id", "occurred_at": "made"}, constants={"kind": "opened"})
    becomes = {each.name: [*map(str, each.becomes)] for each in inspect(path, plain).columns}
    assert (becomes["custom_plan"], becomes["team"]) == (["custom_plan"], ["team"])


def test_a_look_counts_and_shows_the_events_that_a_load_gives(desk: Desk) -> None:
    rows = "id,at,who,custom_plan,word\n1,2026-03-02T09:00Z,c7,gold,a\n1,2026-03-02T09:00Z,c7,gold,b\n"
    path = desk.file(rows + "2,2026-03-02T09:00Z,c8,,a\n")
    columns = {"ticket_id": "id", "occurred_at": "at", "customer_id": "who"}
    stated = Mapping(source="desk", columns=columns, constants={"kind": "opened"})
    mappings = {
        2: stated,
        1: stated.model_copy(update={"identity": Identity(columns=["at"])}),
        3: stated.model_copy(
            update={"columns": columns | {"value": "word"}, "constants": {"kind": "merged"}}
        ),
    }
    for events, mapping in mappings.items():
        looked = inspect(path, mapping)
        assert sum(looked.events.values()) == events
        assert desk.load(path, mapping).error is None
        assert desk.events().height == events  # each mapping takes the place of the one before
    first = inspect(path, stated).preview[0]
    assert (first["ticket_id"], first["customer_id"], first["custom_plan"]) == ("desk:1", "desk:c7", "gold")


def test_an_encoding_is_reported(desk: Desk) -> None:
    path = desk.file(LOG.encode("cp1252"))
    found = inspect(path)
    assert found.mapping.file.encoding == "cp1252"
    assert any("not UTF-8 (line 2)" in str(message) for message in found.assumed)


def test_a_decimal_comma_is_reported(desk: Desk) -> None:
    text = 'id,created_at,solved_at,rating\n1,2026-03-02 09:00,2026-03-02 10:00,"4,5"\n'
    found = inspect(desk.file(text))
    assert (found.mapping.file.decimal, found.events) == (",", {"opened": 1, "rated": 1, "solved": 1})


def test_a_load_never_guesses(desk: Desk) -> None:
    path = desk.file(LOG)
    assert inspect(path).tickets
    assert "has no column" in str(desk.load(path).error)


def test_a_look_changes_nothing_and_a_load_by_its_mapping_does_what_it_said(
    desk: Desk, tmp_path: Path
) -> None:
    path = desk.file(LOG, "log.csv")
    found = inspect(path)
    write_mapping(mapping_text(found), tmp_path / "m.toml")
    report = desk.load(path, read_mapping(tmp_path / "m.toml"))
    assert dict(desk.events()["kind"].value_counts().iter_rows()) == found.events
    assert report.reasons == {refusal.rule: refusal.rows for refusal in found.rejected}
    assert (desk.events()["occurred_at"].min(), desk.events()["occurred_at"].max()) == (
        found.first,
        found.last,
    )


def test_a_mapping_that_is_there_is_not_overwritten(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text("mine")
    with pytest.raises(InvalidMapping, match="already"):
        write_mapping("", tmp_path / "m.toml")
    assert (tmp_path / "m.toml").read_text() == "mine"


def test_with_a_mapping_it_looks_through_that(desk: Desk) -> None:
    mapping = Mapping(columns={"ticket_id": "Case ID", "occurred_at": "when"}, constants={"kind": "opened"})
    found = inspect(desk.file(LOG), mapping)
    assert not found.is_guess
    assert "has no column" in str(found.problem)


def test_what_an_xes_log_means_is_guessed_as_its_mapping_says() -> None:
    assert read_mapping(ROOT / "data" / "mappings" / "xes.toml").activities == LIFECYCLE


def test_a_log_with_starts_and_completions_enters_each_step_once(desk: Desk) -> None:
    events = "".join(
        f'<event><string key="concept:name" value="{name}"/>'
        f'<string key="lifecycle:transition" value="{moved}"/>'
        f'<date key="time:timestamp" value="2026-03-02T09:0{i}:00Z"/></event>'
        for i, (name, moved) in enumerate([("a", "start"), ("a", "complete"), ("Resolve", "complete")])
    )
    found = inspect(desk.file(xes(f'<trace><string key="concept:name" value="1"/>{events}</trace>'), "a.xes"))
    assert found.events["entered"] == 2
    assert found.events["solved"] == 1


anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
kinds = st.sampled_from(list(Kind))
TEXTS = [name for name, column in COLUMNS.items() if column.type == "text"]
NEEDED = {"ticket_id": "t", "occurred_at": "w"}
mappings = st.builds(
    Mapping,
    columns=st.dictionaries(st.sampled_from(list(COLUMNS)), anything, max_size=4),
    constants=st.dictionaries(st.sampled_from(TEXTS), anything, max_size=3),
    values=st.dictionaries(
        st.sampled_from(TEXTS),
        st.dictionaries(anything, anything, min_size=1, max_size=3),
        max_size=2,
    ),
    null=st.lists(anything, max_size=2),
    time=st.builds(
        Time,
        zone=st.sampled_from([None, "Europe/Berlin"]),
        format=st.sampled_from([None, *FORMATS, "epoch_ms"]),
    ),
    file=st.builds(File, delimiter=st.sampled_from([None, ";", "|", "'", "#", "\t"]), encoding=anything),
    activity=st.none() | anything,
    activities=st.dictionaries(anything, st.lists(kinds, max_size=2), max_size=3),
    event=st.lists(
        st.builds(
            RowEvent,
            kind=kinds,
            when=st.dictionaries(anything, st.lists(anything, max_size=2), max_size=2),
            columns=st.none()
            | st.dictionaries(st.sampled_from(TEXTS), anything, max_size=2).map(lambda own: NEEDED | own),
        ),
        max_size=2,
    ),
)

sentences = st.text().filter(lambda text: text not in TEMPLATES)
remarks = sentences | st.text()


@examples(100)
@given(
    mapping=mappings,
    because=st.dictionaries(st.sampled_from(list(COLUMNS)), remarks),
    assumed=st.lists(remarks),
)
def test_a_written_mapping_reads_as_the_same_mapping(
    tmp_path_factory: pytest.TempPathFactory,
    mapping: Mapping,
    because: dict[str, str],
    assumed: list[str],
) -> None:
    path = tmp_path_factory.mktemp("mapping") / "m.toml"
    path.write_bytes(mapping_toml(mapping, because, assumed).encode("utf-8", "replace"))
    assert read_mapping(path) == mapping


@pytest.mark.sweep(4)
@pytest.mark.parametrize("evil", ["\x1b[2J", "a\nb", "\u202e", "x" * 5000, '"""', "[red]", "\r"])
def test_evil_names_and_values_stay_on_their_line(desk: Desk, evil: str) -> None:
    rows = [{**row, "reason": evil, f"c{evil}": evil} for row in THREE]
    lines = inspection_lines(inspect(desk.file(as_csv(rows))))
    assert all(line.isprintable() for line in lines)
    assert max(map(len, lines)) < 1000


def test_a_look_is_worded_by_whoever_shows_it(desk: Desk) -> None:
    found = inspect(desk.file(LOG, "log.csv"))
    words = "\n".join(in_language("fr", inspection_lines, found))
    assert "colonne  type" in re.sub(" +", "  ", words)
    assert "texte" in words
    assert words.startswith("log.csv : 3 lignes, 5 colonnes")
    assert "Supposé, car le fichier ne le dit pas :" in words
    assert "d’après son nom" in words
    assert "Aucune ligne ne serait rejetée" not in words


def test_the_command_writes_a_mapping_and_prints_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log.csv").write_text(LOG)
    target = tmp_path / "m.toml"
    with pytest.raises(SystemExit) as exit_:
        stepsight.main(["inspect", str(tmp_path / "log.csv"), "--write-mapping", str(target), "--json"])
    out, err = capsys.readouterr()
    assert (exit_.value.code or 0) == 0
    assert json.loads(out)["tickets"] == 1
    assert "guess.zone" in [message["code"] for message in json.loads(out)["assumed"]]
    assert f"Wrote {target}" in err
    with pytest.raises(SystemExit) as exit_:
        stepsight.main(["inspect", str(tmp_path / "none.csv")])
    assert exit_.value.code == 1
    assert "There is no file" in capsys.readouterr().err


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    ("number", "form"),
    [("1772442000", "epoch"), ("1772442000.25", "epoch"), ("1772442000000", "epoch_ms"), (2**50, "epoch_us")],
)
def test_numbers_in_a_column_of_times_are_proposed_as_an_epoch(desk: Desk, number: object, form: str) -> None:
    found = inspect(desk.file(f"event_id,ticket_id,kind,occurred_at\na,T1,opened,{number}\n"))
    assert (found.mapping.time.format, found.mapping.time.zone, found.rejected) == (form, None, [])
    theirs = inspect(desk.file(f"id,created_at,solved_at\n{number},{number},{number}\n"))
    assert (theirs.mapping.time.format, theirs.events) == (form, {"opened": 1, "solved": 1})


def test_numbers_that_are_called_otherwise_are_no_times(desk: Desk) -> None:
    found = inspect(desk.file("number,activity,when\n1772442000,Open,2026-03-02 09:00\n"))
    assert found.mapping.columns["occurred_at"] == "when"


def test_a_look_says_where_the_zone_changes_nothing_and_what_lies_out_of_bounds(desk: Desk) -> None:
    path = desk.file(
        "event_id,ticket_id,kind,occurred_at\na,T1,opened,2026-03-02T09:00Z\nb,T1,solved,1970-01-01T00:00Z\n"
    )
    bounds = Bounds.of_load(LOADED_AT)
    found = inspect(path, Mapping(time=Time(zone="Europe/Rome")), bounds=bounds)
    assert "changes nothing" in "\n".join(inspection_lines(found))
    assert [refusal.rule for refusal in found.rejected] == ["occurred_at_too_early"]


def test_a_folder_of_several_files_names_them_and_one_of_one_file_is_that_file(desk: Desk, tmp_path) -> None:
    folder = tmp_path / "zd"
    folder.mkdir()
    (folder / "tickets.csv").write_text("id,created_at\n1,2026-03-02T09:00Z\n")
    assert inspect(folder).looked_at == 1
    (folder / "users.csv").write_text("id,name\n1,Ann\n")
    tables = Mapping.model_validate({"tables": {"tickets": {"files": "tickets*"}}})
    for mapping in (None, tables):
        with pytest.raises(UnreadableFile, match=r"one file: name one of tickets\.csv, users\.csv"):
            inspect(folder, mapping)
    with pytest.raises(UnreadableFile, match="2 files"):
        inspect(folder / "*.csv")


def test_a_table_without_times_whose_rows_have_a_key_looks_like_a_lookup(desk: Desk) -> None:
    users = inspect(desk.file("id,name,role\n1,Ann,agent\n2,Bob,end-user\n3,Cy,agent\n", "users.csv"))
    assert users.problem == Message("guess.lookup", {"column": "id"})
    assert "docs/EVENTS.md#lookups" in str(users.problem)
    times = inspect(desk.file("id,created\n1,soon\n2,later\n", "times.csv"))
    assert times.problem == Message("guess.no_times")
    beside = inspect(desk.file("id,ticket_id,text\n1,7,a\n2,7,b\n", "notes.csv"))
    assert beside.problem != Message("guess.lookup", {"column": "id"})


def test_a_rating_stands_at_the_solve_only_where_it_has_no_time(desk: Desk) -> None:
    begin = "ticket id,created at,solved at,satisfaction score"
    rows = [f"{n},2026-03-0{n}T09:00Z,2026-03-0{n}T10:00Z,{n}" for n in range(1, 6)]
    solve = inspect(desk.file("\n".join([begin, *rows]), "a.csv"))
    assert "guess.rated_at" in {message.code for message in solve.assumed}
    own = inspect(
        desk.file("\n".join([f"{begin},rated at", *(f"{r},{r.split(',')[1]}" for r in rows)]), "b.csv")
    )
    codes = {message.code for message in own.assumed}
    assert "guess.rated" in codes
    assert "guess.rated_at" not in codes


def test_a_kind_of_event_is_said_in_the_readers_language_beside_its_word_in_the_mapping() -> None:
    moment = Message("guess.no_moment", {"kinds": ["opened", "solved"]})
    assert str(moment) == "No column says when a ticket was: opened, solved."
    assert "opened (Ticket ouvert)" in in_language("fr", say, moment)
    assert in_language("fr", say, Message("look.kind", {"kind": "solved", "n": 3})).startswith("solved (")
