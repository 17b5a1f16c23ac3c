"""Settings: found, read, checked, printed; a wrong one names file, field and remedy."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import InvalidSettings
from etl.settings.file import NAME, find_settings, read_settings
from etl.settings.text import as_toml
from metrics.documentation import PAGES, filled_in
from metrics.settings.model import Settings
from tests.lengths import examples

WHOLE = """
time_zone = "Europe/Berlin"
hourly_cost = 42.5
[privacy]
keep_free_text = true
[thresholds]
repeat_days = 3
[[schedules]]
name = "office"
hours = ["Mon-Fri 09:00-17:00"]
holidays = "DE-BY"
closed_on = [2026-12-24, 2026-12-31]
[[schedules]]
name = "office"
hours = ["Mon-Fri 08:00-18:00"]
valid_from = 2026-07-01
[[targets]]
first_response_minutes = 60
[[targets]]
channels = ["chat"]
clock = "calendar"
first_response_minutes = 2
"""


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in ("STEPSIGHT_TIME_ZONE", "STEPSIGHT_SETTINGS", "STEPSIGHT_HOURLY_COST"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def read(tmp_path):
    def from_text(text: str) -> Settings:
        (tmp_path / NAME).write_text(text, "utf-8")
        return read_settings(tmp_path / NAME, Settings)

    return from_text


def test_no_file_is_needed():
    assert read_settings(None, Settings) == Settings()
    assert Settings().schedules[0].hours[0].text == "Mon-Fri 09:00-17:00"


def test_a_file_says_what_differs_from_the_defaults(read):
    settings = read(WHOLE)
    assert (settings.time_zone, settings.hourly_cost, settings.currency) == ("Europe/Berlin", 42.5, "EUR")
    assert settings.privacy.keep_free_text
    assert (settings.thresholds.repeat_days, settings.thresholds.follow_up_days) == (3, 7)
    assert [len(settings.schedules), len(settings.targets)] == [2, 2]


def test_the_environment_wins_over_the_file(read, monkeypatch):
    monkeypatch.setenv("STEPSIGHT_TIME_ZONE", "Asia/Tokyo")
    monkeypatch.setenv("STEPSIGHT_PRIVACY__KEEP_FREE_TEXT", "false")
    monkeypatch.setenv("STEPSIGHT_WAREHOUSE", "somewhere")
    settings = read(WHOLE)
    assert (settings.time_zone, settings.privacy.keep_free_text) == ("Asia/Tokyo", False)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("time_zone = 'Berlin'", "at time_zone: 'Berlin' is not an IANA time zone; expected a name such as"),
        ("timezone = 'UTC'", "at timezone: there is no such setting. Did you mean time_zone?"),
        ("[threshold]\nx = 1", "at threshold: there is no such setting. Did you mean thresholds?"),
        (
            "[thresholds]\nrepeat_day = 1",
            "at thresholds, repeat_day: there is no such setting. Did you mean repeat_days?",
        ),
        (
            "keep_free_text = true",
            "at keep_free_text: there is no such setting. Did you mean keep_free_text in [privacy]?",
        ),
        (
            "[thresholds]\ntime_zone = 'UTC'",
            "at thresholds, time_zone: there is no such setting. Did you mean time_zone, before any",
        ),
        ("[thresholds]\nrepeat_days = -1", "at thresholds, repeat_days: expected more than 0 (it is -1)"),
        ("hourly_cost = 'much'", "at hourly_cost: expected a number (it is 'much')"),
        (
            "[[schedules]]\nname = 'x'\nhours = ['Mon 09:00-17:00', '9 to 5']",
            "at schedules, number 1, hours, number 2: '9 to 5' are not hours; expected",
        ),
        ("[[targets]]\nchannels = ['chat']", "at targets, number 1: the target promises nothing; give"),
        (
            "[[targets]]\nresolution_minutes = 5\nclock = 'night'",
            "at targets, number 1, clock: expected 'business', 'calendar' (it is 'night')",
        ),
        ("_env_file = 'x'", "at _env_file: there is no such setting"),
        ("time_zone = ", "is not TOML: it ends too early"),
        ("time_zone = 'UTC'\nx = =", "is not TOML: line 2, column 5 cannot be read"),
    ],
)
def test_a_wrong_setting_names_file_field_and_remedy(read, tmp_path, text, says):
    with pytest.raises(InvalidSettings) as error:
        read(text)
    told = str(error.value)
    assert f"The settings file {tmp_path / NAME}" in told
    assert says in told
    assert "`stepsight settings` prints" in told


def test_a_wrong_variable_of_the_environment_is_named(monkeypatch):
    monkeypatch.setenv("STEPSIGHT_HOURLY_COST", "-3")
    with pytest.raises(
        InvalidSettings, match="The environment variable STEPSIGHT_HOURLY_COST, at hourly_cost"
    ):
        read_settings(None, Settings)
    monkeypatch.setenv("STEPSIGHT_HOURLY_COST", "3")
    monkeypatch.setenv("STEPSIGHT_TARGETS", "none")
    with pytest.raises(InvalidSettings, match="variable STEPSIGHT_TARGETS cannot be read: it must hold JSON"):
        read_settings(None, Settings)


def test_a_file_that_is_a_folder_or_no_text_is_told(tmp_path):
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidSettings, match="is not TOML"):
        read_settings(tmp_path / "bytes.toml", Settings)
    with pytest.raises(InvalidSettings, match="cannot be read"):
        read_settings(tmp_path, Settings)


def test_the_warehouses_folder_comes_before_the_current_one(tmp_path):
    warehouse, current = tmp_path / "warehouse", tmp_path / "current"
    warehouse.mkdir(), current.mkdir()
    assert find_settings(None, [warehouse, current]) is None
    (current / NAME).touch()
    assert find_settings(None, [warehouse, current]) == current / NAME
    (warehouse / NAME).touch()
    assert find_settings(None, [warehouse, current]) == warehouse / NAME
    assert find_settings(current / NAME, [warehouse]) == current / NAME
    with pytest.raises(InvalidSettings, match="There is no settings file"):
        find_settings(tmp_path / "other.toml", [warehouse])


def test_printed_settings_can_be_read_again(read):
    for settings in (Settings(), read(WHOLE)):
        assert read(as_toml(settings)) == settings


@pytest.mark.parametrize(
    ("text", "has_hours", "zone"),
    [
        ("", False, None),
        ("hourly_cost = 40", False, None),
        ("time_zone = 'UTC'", False, "UTC"),
        ("[[schedules]]\nname = 'office'\nhours = ['Mon-Fri 09:00-17:00']", True, None),
        (WHOLE, True, "Europe/Berlin"),
    ],
)
def test_printing_settings_states_nothing_that_was_not_stated(read, text, has_hours, zone):
    settings = read(text)
    for each in (settings, read(as_toml(settings))):
        assert (each.has_opening_hours, each.stated_time_zone) == (has_hours, zone)


def test_the_default_hours_state_nothing_in_a_file_of_an_earlier_version(read):
    written = (
        "[[schedules]]\nname = 'default'\nhours = ['Mon-Fri 09:00-17:00']\nchannels = []\nclosed_on = []"
    )
    assert not read(written).has_opening_hours
    assert read(written.replace("17:00", "18:00")).has_opening_hours


TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)


@examples(60)
@given(TEXTS, st.lists(TEXTS, max_size=2, unique=True), st.floats(0.001, 1000), st.dates())
def test_any_text_and_number_survives_printing(text, channels, minutes, day):
    settings = Settings.model_validate(
        {
            "currency": text,
            "schedules": [{"name": text, "hours": ["Mon 09:00-10:00"], "closed_on": [day]}],
            "targets": [{"channels": channels, "resolution_minutes": minutes}],
        }
    )
    assert Settings.model_validate(tomllib.loads(as_toml(settings))) == settings


def test_every_field_is_described_in_the_file_that_is_printed():
    printed = as_toml(Settings())
    for field in re.findall(r"^#? ?([a-z_]+) =", printed, re.M):
        assert re.search(rf"^#.*\n(?:#.*\n)*#? ?{field} =", printed, re.M), field


def test_the_page_of_settings_holds_every_field_and_a_valid_example(read):
    page = (Path(__file__).parents[3] / "docs" / "SETTINGS.md").read_text("utf-8")
    assert page == filled_in(page, PAGES["SETTINGS.md"]), "run `make docs`"
    example, whole = re.findall(r"```toml\n(.*?)```", page, re.S)
    assert len(read(example).targets) == 3
    assert read(whole) == Settings()
