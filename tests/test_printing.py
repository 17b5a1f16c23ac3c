"""What commands print: of data nothing takes effect on a terminal or in a spreadsheet; no number is odd."""

from __future__ import annotations

import io
import json
import math
import re
from contextlib import redirect_stdout
from datetime import UTC, datetime

import polars as pl
import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from commands import main
from commands.options import Format
from commands.output import cell, print_aside, print_frame, print_json, print_lines
from etl.messages import Message
from tests.lengths import examples

EFFECTS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
"""What takes effect on a terminal; ends of lines do, too, and are counted."""
TEXTS = st.text() | st.text("=+-@\t\r\n\x1b[]/:b\u202e\u009b")


def printed(frame: pl.DataFrame, form: Format) -> str:
    out = io.StringIO()
    with redirect_stdout(out):
        print_frame(frame, form)
    return out.getvalue()


@settings(examples(50), deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_nothing_in_a_text_takes_effect_where_people_read_it(texts: list[str]) -> None:
    frame = pl.DataFrame({"text": [text.encode("utf-8", "replace").decode() for text in texts], "n": 1})
    calm = pl.DataFrame({"text": ["x"] * len(texts), "n": 1})
    for form in (Format.TABLE, Format.CSV):
        assert not EFFECTS.search(printed(frame, form))
    assert printed(frame, Format.CSV).count("\n") == printed(calm, Format.CSV).count("\n")
    out = io.StringIO()
    with redirect_stdout(out):
        print_lines(texts)
    assert not EFFECTS.search(out.getvalue())
    assert out.getvalue().count("\n") == len(texts)


@settings(examples(50), deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4), TEXTS)
def test_a_script_that_reads_json_gets_the_very_texts(texts: list[str], name: str) -> None:
    frame = pl.DataFrame({name.encode("utf-8", "replace").decode(): texts}, strict=False)
    out = printed(frame, Format.JSON)
    assert json.loads(out) == frame.to_dicts()
    assert not EFFECTS.search(out)


@pytest.mark.parametrize("text", ["[bold]loud[/bold]", "[/]", "[link=http://x]y[/link]", ":smile:", "a\\[b]"])
def test_markup_in_data_is_text(text: str) -> None:
    assert text in printed(pl.DataFrame({text: [text]}), Format.TABLE).splitlines()[3]
    out = io.StringIO()
    with redirect_stdout(out):
        print_lines([text])
    assert out.getvalue() == f"{text}\n"


def test_a_spreadsheet_runs_no_formula_and_numbers_stay_numbers() -> None:
    frame = pl.DataFrame(
        {"=name": ["=1+1", "plain", None], "n": [-1, 2, None], "path": [["@a"], ["b", "c"], None]}
    )
    assert printed(frame, Format.CSV).splitlines() == [
        "'=name,n,path",
        "'=1+1,-1,'@a",
        'plain,2,"b, c"',
        ",,",
    ]


@given(st.floats() | st.integers())
def test_a_number_is_written_without_an_exponent_to_four_digits(number: float) -> None:
    text = cell(number)
    if not math.isfinite(number):
        assert text == "–"
    elif 0 < abs(number) < 0.0001:
        assert text == ("under 0.0001" if number > 0 else "over -0.0001")
    else:
        assert re.fullmatch(r"-?\d{1,3}(,\d{3})*(\.\d+)?", text)
        read = float(text.replace(",", ""))
        assert math.isclose(read, number, rel_tol=0.0006) or abs(read - number) <= 0.5 <= abs(number) / 1000
        assert not text.endswith(".0")


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (True, "True"), (-0.0, "0"), (1.2e-5, "under 0.0001"), (1e4, "10,000"), (999.96, "1,000")],
)
def test_a_value_is_written_as_people_read_it(value: object, text: str) -> None:
    assert cell(value) == text


def test_a_message_in_json_carries_code_values_and_text(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"at": datetime(2026, 3, 2, tzinfo=UTC), "because": Message("os.other", {"number": 7})})
    assert json.loads(capsys.readouterr().out) == {
        "at": "2026-03-02T00:00:00Z",
        "because": {"code": "os.other", "values": {"number": 7}, "text": "system error 7"},
    }


@pytest.mark.parametrize("level", ["", "info"])
def test_what_a_log_names_has_no_effect_on_the_terminal(
    level: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STEPSIGHT_LOG", level)
    main._log_to_stderr()
    structlog.get_logger().error("odd", path="a\x1b[31m\u202eb\nc", names=["\x9b1m"])
    err = capsys.readouterr().err
    assert "odd" in err
    assert err.count("\n") == 1
    assert not EFFECTS.search(err)


def test_what_is_said_aside_has_no_effect_either(capsys: pytest.CaptureFixture[str]) -> None:
    print_aside("Wrote \x1b[2J.")
    assert capsys.readouterr().err == "Wrote \\x1b[2J.\n"
