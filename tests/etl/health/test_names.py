"""Names that look alike, that settings are for and no event has, and that a mapping expects in vain."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.health.finding import Finding, Severity
from etl.health.profile import update_profile
from etl.health.run_checks import CHECKS, run_checks
from etl.health.setting_names import SettingName, unmatched_names
from etl.mapping.mapping import Mapping
from metrics.settings.model import Settings
from metrics.settings.names import setting_names
from tests.etl.desk import Desk

HEADER = "ticket_id,kind,occurred_at,team,channel\n"


def load(desk: Desk, *rows: tuple[str, str]) -> None:
    lines = [f"T{n},opened,2026-03-02T09:0{n}Z,{team},{channel}\n" for n, (team, channel) in enumerate(rows)]
    desk.load(desk.file(HEADER + "".join(lines)))


def finding(desk: Desk, check: str, names: tuple[SettingName, ...] = ()) -> Finding:
    checks = [each for each in CHECKS if each.name == check]
    (only,) = run_checks(desk.connection, checks=checks, names=names)
    return only


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    ("one", "other"), [("Billing", "billing"), ("Tier 1", "Tier1"), ("\uff21BC", "ABC"), ("a\u00adb", "ab")]
)
def test_names_that_differ_in_case_width_or_blanks_alone_need_a_look(
    desk: Desk, one: str, other: str
) -> None:
    load(desk, (one, "email"), (other, "chat"), ("Other", "email"))
    alike = finding(desk, "look_alike_names")
    assert (alike.severity, alike.numbers) == (Severity.LOOK, {"groups": 1})
    assert "team" in str(alike.message)


def test_versions_and_sources_that_look_alike_need_a_look(desk: Desk) -> None:
    for source, version in (("North", "v1"), ("north", "V1")):
        file = desk.file(
            "ticket_id,kind,occurred_at,run_id,workflow,version,step\n"
            f"T1,entered,2026-03-02T09:00Z,r,w,{version},ask\n",
            f"{source}.csv",
        )
        desk.load(file, Mapping.model_validate({"source": source}))
    alike = finding(desk, "look_alike_names")
    assert alike.numbers == {"groups": 2}
    assert "source 'North', 'north'; version 'V1', 'v1'" in str(alike.message)


def test_names_that_differ_otherwise_are_fine(desk: Desk) -> None:
    load(desk, ("Billing", "email"), ("Billings", "chat"), ("Zoe", "email"), ("Zo\u00eb", "email"))
    assert finding(desk, "look_alike_names").severity == Severity.OK


def test_the_same_name_of_two_columns_or_loads_is_no_pair(desk: Desk) -> None:
    load(desk, ("chat", "Chat"))
    load(desk, ("chat", "Chat"))
    assert finding(desk, "look_alike_names").severity == Severity.OK


SETTINGS = Settings.model_validate(
    {
        "targets": [{"channels": ["Email\u00a0", "fax"], "first_response_minutes": 60}],
        "schedules": [
            {"name": "all", "hours": ["Mon-Fri 09:00-17:00"]},
            {"name": "night", "hours": ["Mon-Sun 22:00-06:00"], "teams": ["night"]},
        ],
    }
)


def test_names_of_the_settings_that_no_event_has_need_a_look(desk: Desk) -> None:
    load(desk, ("Night", "Email"))
    names = setting_names(SETTINGS)
    unmatched = finding(desk, "unmatched_settings", tuple(names))
    assert unmatched.severity == Severity.LOOK
    assert str(unmatched.message) == (
        "No event has team 'night' (schedules; the data has 'Night'); channel 'fax' (targets)."
    )
    assert list(map(str, unmatched_names(desk.connection, names))) == [
        *("team 'night' (schedules; the data has 'Night')", "channel 'fax' (targets)")
    ]


@pytest.mark.parametrize(("ours", "theirs"), [("Tier 1", "Tier1"), ("\uff21BC", "abc"), ("E-Mail", "e-mail")])
def test_a_name_of_the_settings_looks_like_one_of_the_data_as_names_of_the_data_do(
    desk: Desk, ours: str, theirs: str
) -> None:
    load(desk, ("Night", theirs), ("Day", "other"))
    update_profile(desk.connection)
    (part,) = unmatched_names(desk.connection, [SettingName("targets", "channel", ours)])
    assert f"the data has '{theirs}'" in str(part)


def test_settings_are_fine_where_nothing_is_loaded_yet_or_events_have_their_names(desk: Desk) -> None:
    names = tuple(setting_names(SETTINGS))
    assert unmatched_names(desk.connection, names) == []
    assert finding(desk, "unmatched_settings", names).severity == Severity.OK
    load(desk, ("night", "Email"), ("x", "fax"))
    of_names = finding(desk, "unmatched_settings", names)
    assert (of_names.severity, of_names.is_known) == (Severity.OK, True)


def test_names_of_the_settings_are_in_vain_where_events_have_no_names_at_all(desk: Desk) -> None:
    desk.load(desk.file("ticket_id,kind,occurred_at\nT1,opened,2026-03-02T09:00Z\n"))
    assert finding(desk, "unmatched_settings", tuple(setting_names(SETTINGS))).severity == Severity.LOOK


LOG = Mapping.model_validate(
    {
        "activity": "kind",
        "activities": {"opened": ["opened"], "Closed": ["solved"], "Merged": ["merged"]},
        "columns": {"agent_id": "Agent"},
        "constants": {"agent_id": "x"},
    }
)


def rows(name: str, kind: str, folder: Desk) -> Path:
    return folder.file(f"ticket_id,kind,occurred_at,Agent\nT1,{kind},2026-03-02T09:00Z,Ann\n", name)


def test_keys_of_a_mapping_without_effect_on_any_of_its_loads_need_a_look(desk: Desk) -> None:
    desk.load(rows("log-1.csv", "opened", desk), LOG)
    desk.load(rows("log-2.csv", "Closed", desk), LOG)
    idle = finding(desk, "mapping_without_effect")
    assert (idle.severity, idle.source) == (Severity.LOOK, "log-2.csv")
    assert (
        str(idle.message) == "These keys of the mapping changed nothing: columns.agent_id, activities.Merged."
    )


def test_keys_of_a_mapping_with_lookups_are_held_against_all_loads_made_with_it(desk: Desk) -> None:
    mapping = Mapping.model_validate(
        {
            "activity": "kind",
            "activities": {"opened": ["opened"], "Closed": ["solved"]},
            "columns": {"agent_id": {"from": "Agent", "lookup": "users", "column": "login"}},
            "lookup": {"users": {"files": "users.csv", "key": "id"}},
        }
    )
    for name, kind, agent in (("jan.csv", "Closed", "1"), ("feb.csv", "opened", "2")):
        path = desk.file(f"ticket_id,kind,occurred_at,Agent\nT1,{kind},2026-03-02T09:00Z,{agent}\n", name)
        (path.parent / "users.csv").write_text("id,login\n1,ann\n2,bob\n")
        assert desk.load(path, mapping).loaded == 1
    assert finding(desk, "mapping_without_effect").severity == Severity.OK


def test_keys_that_tables_share_are_held_against_all_and_their_own_against_their_own(desk: Desk) -> None:
    log = {"activity": "kind", "activities": {"opened": ["opened"], "Closed": ["solved"]}}
    tables = {"one": {"files": "one*"}, "two": {"files": "two*", "values": {"channel": {"Mail": "email"}}}}
    mapping = Mapping.model_validate(log | {"columns": {"channel": "Agent"}, "tables": tables})
    desk.load(rows("one.csv", "Closed", desk), mapping)
    desk.load(rows("two.csv", "opened", desk), mapping)
    idle = finding(desk, "mapping_without_effect")
    assert idle.source == "two.csv"
    assert str(idle.message) == "These keys of the mapping changed nothing: values.channel.Mail."


def test_a_load_that_is_gone_says_nothing_of_its_mapping(desk: Desk) -> None:
    path = rows("log-1.csv", "opened", desk)
    desk.load(path, LOG)
    desk.load(path, Mapping.model_validate({"constants": {"kind": "opened"}}))
    assert finding(desk, "mapping_without_effect").severity == Severity.OK
