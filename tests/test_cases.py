"""Small inputs that once went wrong, with the commands as a user typed them; skipped where they are not."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.served_commands import CLIENT

ROOT = Path(__file__).parents[1]
CASES = ROOT.parent / "shared" / "cases"

RIGHT: dict[str, tuple[str, ...]] = {
    "files-01-reply-and-rating-from-one-row-per-ticket": (
        *("│ tickets.csv │ 3 │ 3 │ 0 │ 0 │ 0 │", "│ first_response_minutes │ 31 │ 2 │", "│ csat │ 0.5 │ 2 │"),
    ),
    "files-02-rows-that-tell-nothing-are-called-duplicates": (
        *("│ tickets.csv │ 4 │ 1 │ 0 │ 0 │ 3 │", "3 rows skipped, without an event by the mapping"),
    ),
    "files-08-freshdesk-export": (
        *("│ freshdesk.csv │ 3 │ 3 │ 0 │ 0 │ 0 │", "│ first_response_minutes │ 42 │ 3 │"),
        "│ resolution_minutes │ Billing │",
    ),
    "files-09-jira-cloud-export": (
        *(
            "│ jira.csv │ 2 │ 2 │ 0 │ 0 │ 0 │",
            'format = "%d/%b/%y %I:%M %p"',
            "2024-03-12 09:41:00+00:00 │ opened",
        ),
    ),
    "files-03-replies-before-opening-pass-unseen": (
        *("38 of 1,000 times (4%): replied before it was opened", "│ unanswered │ 0 │ 0 │"),
        "The reply lies before the opening.",
    ),
    "files-04-hold-ended-by-a-reopening-that-does-not-count": ("value: 120", "│ hold_minutes │ 120 │ 2 │"),
    "files-06-xes-own-transitions": ("│ itsm.xes │ 3 │ 3 │ 0 │ 0 │ 0 │", "No row would be rejected."),
    "files-10-zendesk-api-json": (
        *("│ zendesk_api.json │ 2 │ 2 │ 0 │ 0 │ 0 │", "│ zendesk_arr.json │ 2 │ 0 │ 2 │ 0 │ 0 │"),
        *("│ tickets_opened │ email │ 1 │", "│ tickets_opened │ web │ 1 │", "│ csat │ 1 │ 1 │"),
    ),
    "files-11-start-and-end-in-one-row": ("│ 199 │ 199 │ 0 │ 0 │ 0 │",),
    "files-14-unanswered-without-any-reply": (
        *("│ unanswered │ – │ 0 │", "│ zero_reply_solves │ – │ 0 │", "│ one_touch_rate │ – │ 0 │"),
        "│ first_response_sla_rate │ – │ 0 │",
    ),
    "files-15-date-and-time-in-two-columns": (
        *("│ calls.csv │ 11 │ 11 │ 0 │ 0 │ 0 │", "2010-08-01 07:26:35+00:00 │ replied", "value: 2.567"),
    ),
    "files-05-hotspot-of-2-in-3000": (
        "A hotspot is at least 2 points and 50% above the median step (0.0%): from 2.0% on.",
        *("│ G │ 3,000 │ 2 │", "│ False │ False │", "No step confuses agents more than the rest."),
    ),
    "reports-01-psql-two-digit-offset": ("│ events.csv │ 3 │ 3 │ 0 │ 0 │", "first_response_minutes │ 30"),
    "reports-02-rails-utc-suffix": ("│ events.csv │ 3 │ 3 │ 0 │ 0 │",),
    "reports-03-format-colon-z": ("2026-03-02 03:30:00+00:00 │ opened", "value: 30"),
    "reports-03b-format-colon-z-zone": ("2026-03-02 03:30:00+00:00 │ opened", "changes nothing"),
    "reports-04-unless-on-an-empty-cell": ("value: 30",),
    "reports-05-sentinel-9999": ("1 rejected row, occurred_at_in_future", "│ 2026-03-02 │ 3 │"),
    "reports-07-epoch-zero": ("1 rejected row, occurred_at_too_early",),
    "reports-08-ticket-export-recategorised": ("│ tickets_solved │ delivery │ urgent │ 40 │",),
    "reports-09b-log-with-current-status-one-touch": (
        *("│ log-03-08.csv │ 220 │ 0 │ 220 │ 0 │ 0 │", "│ one_touch_rate │ 1 │ 40 │", "w,1,s1,,20,0,0.0"),
        "no row has values.actor.Agent of the mapping",
    ),
    "reports-10-spam-restored": (
        *("│ first_response_minutes │ 40 │ 2 │", "│ tickets_solved │ 2 │ 2 │"),
        "takes back │ The ticket is taken back and counts again.",
    ),
    "reports-11-chat-greeting-2s-before-opening": ("replied before it was opened",),
    "reports-13-float-ids": (
        "the ids in 'ticket_id' are decimal numbers too large",
        "│ tickets_solved │ 3 │",
    ),
    "reports-14-parquet-lists-structs-ns": ("│ e.parquet │ 3 │ 3 │ 0 │ 0 │", "│ e.parquet │ 3 │ 0 │ 3 │ 0 │"),
    "reports-14b-parquet-bytes-column": ("│ e.parquet │ 3 │ 3 │ 0 │ 0 │",),
    "reports-14d-parquet-list-column-only": ("columns not used: tags",),
    "reports-15a-sep-line": ("│ e.csv │ 1 │ 1 │ 0 │ 0 │",),
    "reports-15b-cr-only": ("│ e.csv │ 2 │ 2 │ 0 │ 0 │",),
    "reports-15d-utf16": ("is not utf-8", "│ e.csv │ 1 │ 1 │ 0 │ 0 │"),
    "reports-15f-footer": ("│ e.csv │ 2 │ 1 │ 0 │ 1 │",),
    "reports-16a-zendesk-wrapped": ("t.json: 1 row, 2 columns", "it has 'created_at', 'id'"),
    "reports-17-tz-rules-of-2026-alberta": ("│ 2026-11-23 │ 9 │", "value: 30", "│ 2026-11-25 │ 0 │"),
    "reports-18-step-left-open-over-weekend": (*("w,1,s1,,100,0,0.0,", ",0.0,,,0.0,10.0,0.0,3.71"),),
    "reports-19-unicode-nbsp-case": (
        *("confusion_rate,Check,0.0,2,", "tickets_opened,Billing,2.0,2,", "tickets_opened,Zoë,2.0,2,"),
        "differ only in case, width or blanks: step 'Check', 'check'; team 'Billing', 'billing'",
    ),
    "reports-20-activity-trailing-blank-or-case": (
        *("│ tickets_solved │ 2 │ 2 │", "w,1,Closed,,2,2"),
        "'closed' in the rows only looks like activities.Closed",
    ),
    "reports-21-target-for-a-name-nobody-has": (
        "channel 'email' (targets; the data has 'Email')",
        "team 'night' (schedules; the data has 'Night')",
    ),
    "reports-22-two-helpdesks-same-ticket-numbers": (
        "1 ticket opened by brand_a.csv, too, for another customer, 70 days apart",
        "load each of them again with `--source NAME`",
    ),
    "reports-23-epoch-seconds": ("│ e.csv │ 2 │ 2 │ 0 │ 0 │", "2026-03-02 09:30:00+00:00 │ replied"),
    "reports-25-xes-no-timestamps-no-case": ("occurred_at_missing", "ticket_id_missing"),
    "reports-27-excel-1904-and-mixed-ids": (
        *("2026-03-02 09:59:59+00:00 │ replied", "│ win.xlsx │ 3 │ 0 │ 3 │ 0 │"),
        "2 rejected rows, occurred_at_excel_serial",
    ),
    "reports-12-run-across-two-tickets": (
        *("│ confusion_rate │ s1 │ 0 │ 30 │", "│ confusion_rate │ s2 │ 0 │ 30 │"),
        *("│ confusion_rate │ s3 │ 0 │ 30 │", "fine shared_runs"),
    ),
    "reports-29-answered-in-the-merged-ticket": (
        *("│ first_response_minutes │ 30 │ 1 │", "│ zero_reply_solves │ 0 │ 0 │"),
        "09:30:00+00:00 │ replied │ agent │ stops",
    ),
    "reports-33-priority-raised-after-the-answer": ("│ first_response_sla_rate │ 1 │ 1 │ 0.2065 │ 1 │",),
    "runs-without-step-at-start-and-end": (
        *("│ events.csv │ 4 │ 4 │ 0 │ 0 │ 0 │", "w,1,a,,1,0,0.0", "Nearly all runs have an end."),
        "fine endless_runs",
    ),
    "reports-28-rating-corrected-same-id": ("│ csat │ 1 │ 1 │", "contradict w2.csv"),
}
"""What must stand in the output of a case's commands, with blanks in a row as one."""

COMMANDS: dict[str, str] = {
    "files-08-freshdesk-export": """
stepsight inspect freshdesk.csv --write-mapping m.toml
stepsight load freshdesk.csv --mapping m.toml --warehouse W
stepsight metrics first_response_minutes --warehouse W
stepsight metrics resolution_minutes --by team --warehouse W
""",
    "files-09-jira-cloud-export": """
stepsight inspect jira.csv --write-mapping m.toml
stepsight load jira.csv --mapping m.toml --warehouse W
stepsight explain resolution_minutes --ticket SD-1 --warehouse W
""",
    "files-01-reply-and-rating-from-one-row-per-ticket": """
        stepsight load tickets.csv --mapping natural.toml --warehouse W
        stepsight metrics first_response_minutes csat --warehouse W
    """,
    "files-02-rows-that-tell-nothing-are-called-duplicates": (
        "stepsight load tickets.csv --mapping m.toml --warehouse W"
    ),
    "files-03-replies-before-opening-pass-unseen": """
        stepsight load events.csv --warehouse W
        stepsight health --warehouse W
        stepsight metrics unanswered --warehouse W
        stepsight explain first_response_minutes --warehouse W
    """,
    "files-04-hold-ended-by-a-reopening-that-does-not-count": """
        stepsight load events.csv --warehouse W
        stepsight metrics hold_minutes --warehouse W
        stepsight explain hold_minutes --ticket T1 --warehouse W
    """,
    "files-05-hotspot-of-2-in-3000": """
        stepsight load events.csv.gz --warehouse W
        stepsight hotspots --warehouse W
        stepsight diagnose --warehouse W
    """,
    "files-14-unanswered-without-any-reply": """
        stepsight --settings settings.toml load events.csv --warehouse W
        stepsight metrics unanswered zero_reply_solves one_touch_rate --warehouse W
        stepsight --settings settings.toml metrics first_response_sla_rate --as-of 2024-03-05 --warehouse W
    """,
    "files-06-xes-own-transitions": """
        stepsight load itsm.xes --mapping data/mappings/xes.toml --warehouse W
        stepsight inspect itsm.xes
    """,
    "files-10-zendesk-api-json": """
        cat > api.toml <<'END'
[[event]]
kind = "opened"
columns = { ticket_id = "id", occurred_at = "created_at", channel = "via.channel", priority = "priority" }

[[event]]
kind = "rated"
when = { "satisfaction_rating.score" = ["good", "bad"] }
columns = { ticket_id = "id", occurred_at = "updated_at", score = "satisfaction_rating.score" }
constants = { scale_max = "1" }

[values.score]
good = "1"
bad = "0"
END
        stepsight load zendesk_api.json zendesk_arr.json --mapping api.toml --warehouse W
        stepsight metrics tickets_opened --by channel --warehouse W
        stepsight metrics csat --warehouse W
    """,
    "files-11-start-and-end-in-one-row": "stepsight load *.csv --mapping interval.toml --warehouse W",
    "runs-without-step-at-start-and-end": """
        stepsight load events.csv --warehouse W
        stepsight hotspots --warehouse W --format csv
        stepsight health --warehouse W
    """,
    "files-15-date-and-time-in-two-columns": """
        cat > calls.toml <<'END'
[time]
zone = "Asia/Jerusalem"

[[event]]
kind = "opened"
columns = { ticket_id = "call_id", occurred_at = { from = ["date", "vru_entry"] } }

[[event]]
kind = "replied"
unless = { ser_start = ["0:00:00"] }
columns = { ticket_id = "call_id", occurred_at = { from = ["date", "ser_start"] } }
constants = { actor = "agent", channel = "phone" }

[[event]]
kind = "solved"
unless = { ser_start = ["0:00:00"] }
columns.ticket_id = "call_id"
columns.occurred_at = { from = ["date", "ser_start"], plus = "ser_time", unit = "seconds" }
END
        stepsight load calls.csv --mapping calls.toml --warehouse W
        stepsight explain first_response_minutes --ticket 44380.0 --warehouse W
    """,
}
"""The commands of cases that say in their README what was tried."""

NOT_YET: dict[str, str] = {}
"""Cases of `RIGHT` that are not met, and why."""


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where commands are served."""
    path = tmp_path_factory.mktemp("commands") / "socket"
    served = subprocess.Popen([sys.executable, "-m", "tests.served_commands", str(path)], cwd=ROOT)
    try:
        while not path.exists() and served.poll() is None:
            time.sleep(0.05)
        yield path
    finally:
        served.terminate()
        served.wait()


@pytest.mark.parametrize("name", RIGHT)
def test_a_case_gives_what_is_right(
    name: str, tmp_path: Path, commands: Path, request: pytest.FixtureRequest
) -> None:
    if not (CASES / name).is_dir():
        pytest.skip("the cases are not on this machine")
    if name in NOT_YET:
        request.applymarker(pytest.mark.xfail(strict=True, reason=NOT_YET[name]))
    output = _output(CASES / name, tmp_path, commands)
    assert "Traceback" not in output
    assert [text for text in RIGHT[name] if text not in output] == []


def _output(case: Path, folder: Path, commands: Path) -> str:
    """What the commands of a case print, in a folder that holds its files and the mappings."""
    work, programs = folder / "case", folder / "bin"
    shutil.copytree(case, work)
    (work / "data").symlink_to(ROOT / "data")
    programs.mkdir()
    program = programs / "stepsight"
    client = shlex.join([sys.executable, "-I", "-S", "-c", CLIENT, str(commands)])
    program.write_text(f'#!/bin/sh\nexec {client} "$@"\n')
    program.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(folder),
        "COLUMNS": "200",
        "LC_ALL": "C.UTF-8",
    }
    if case.name in COMMANDS:
        (work / "commands.txt").write_text(COMMANDS[case.name])
    done = subprocess.run(
        ["/bin/bash", "commands.txt"],
        cwd=work,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=300,
    )
    return " ".join(done.stdout.decode().split())
