"""The facts agree with their twin, and with themselves, on any history: hypothesis makes them up."""

from __future__ import annotations

import random
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from etl.contract.events import SCHEMA
from etl.contract.kinds import DEFAULT_ACTOR, RUN_KINDS, STEP_KINDS, Kind
from metrics.catalog.metrics import CATALOG
from metrics.facts.relations import STORED, relations
from metrics.query.measure import measure
from metrics.query.run import warehouse_state
from metrics.query.scope import Scope
from metrics.refresh.facts import refresh
from metrics.settings.model import Settings
from metrics.settings.thresholds import Thresholds
from tests.lengths import examples
from tests.metrics.facts import twin
from tests.metrics.histories import START, add, definition, empty_warehouse, rows, warehouse

DEFINED = [
    *definition(
        "ask > find help required seconds=3600",
        "find > pay ask searching",
        "pay > ask by-design",
        "help is escalation > pay",
    ),
    *definition("ask > pay by-design", "pay > find required", "find > ask help-meant", version="2"),
    *definition("ask > pay customer-decides", "pay > find wait-meant", "find > ask", version="3"),
]
KEYS = {
    "tickets": ["ticket_id"],
    "runs": ["ticket_id", "run_id"],
    "visits": ["ticket_id", "run_id", "visit_number"],
    "classified_visits": ["ticket_id", "run_id", "visit_number"],
    "contacts": ["ticket_id"],
    "resolved_issues": ["ticket_id"],
    "resolution_waits": ["ticket_id"],
    "open_periods": ["ticket_id", "began_at", "ended_at"],
    "fluent_times": ["workflow", "version", "step"],
    "clock": [],
    "merges": ["ticket_id"],
}
EXAMPLES = settings(examples(4, long=120), suppress_health_check=list(HealthCheck))
FEWER = settings(examples(2, long=50), suppress_health_check=list(HealthCheck))

# Weighted toward what makes histories interesting: steps, solving and reopening …
KINDS = [Kind.ENTERED] * 8 + [Kind.ANSWERED] * 4 + [Kind.REPLIED] * 5
KINDS += [Kind.SOLVED, Kind.REOPENED, Kind.OPENED, Kind.HANDED_OFF] * 2
KINDS += sorted(set(Kind) - {Kind.MERGED, Kind.DISCARDED, Kind.REOPENED})
# … and scenes that chance alone plays too rarely; other events may fall in between, or cut them short.
SCENES = [
    ("entered ask", "answered", "entered find", "went_back", "entered ask", "answered"),
    ("entered ask", "answered", "entered find", "went_back", "entered ask", "answered"),
    ("entered find", "input_rejected", "input_rejected", "entered pay"),
    ("entered pay", "went_back", "entered ask", "asked_help"),
    ("entered pay", "went_back", "entered find", "went_back", "entered ask", "answered"),
    ("entered find", "searched"),
    ("entered pay", "paused", "asked_help"),
    ("opened", "handed_off", "replied"),
    ("opened", "replied", "held", "released", "replied", "solved"),
    ("opened", "contact_abandoned", "replied"),
    ("contact_abandoned", "opened", "reopened", "contact_abandoned", "replied"),
    ("solved", "reopened", "solved", "reopened", "closed"),
    ("opened", "held", "reopened", "released", "solved"),
    ("opened", "discarded", "closed", "reopened", "solved"),
    ("solved", "merged", "reopened", "solved"),
]
VALUES = {Kind.MERGED: "aabbccx", Kind.PAUSED: [None, "customer", "colleague", "system"]}
# Many ties, spans around the limits (15 s, 24 h, 7 days), and small steps.
SECONDS = [0] * 6 + [1, 5, 5, 14, 15, 16, 60, 60, 600, 3600, 86_399, 86_400, 7 * 86_400]


def made_up(seed: int, size: int) -> pl.DataFrame:
    """Events of three tickets in any order, with ties and unknowns; a smaller size gives the first of them.

    Hypothesis draws the seed and shrinks the size; drawing each field by itself makes histories too short to
    go back in, answer anew or hand off.
    """
    draw = random.Random(seed)  # noqa: S311 - no secret
    found, now, scene = [], START, []
    for number in range(size):
        scene = scene or list(draw.choice(SCENES))
        is_played = draw.random() < 0.6
        kind, *steps = scene.pop(0).split() if is_played else [draw.choice(KINDS)]
        kind = Kind.MERGED if draw.random() < 0.01 else Kind(kind)
        now += timedelta(seconds=draw.choice(SECONDS))
        in_run = kind in STEP_KINDS or draw.random() < 0.3
        rated = kind == Kind.RATED
        usual = DEFAULT_ACTOR.get(kind, "agent")
        steps = steps or ["ask", "find", "pay", "help", *([None] * 3 if kind in RUN_KINDS else [])]
        found.append(
            {
                "event_id": f"e{draw.randrange(99):02}-{number}",
                "occurred_at": now,
                "seq": draw.randrange(4),
                "ticket_id": "a" if is_played else draw.choice("aabbc"),
                "kind": kind,
                "actor": draw.choice([usual, usual, "customer", "agent", "bot"]),
                "agent_id": draw.choice([None, "x", "y"]),
                "team": draw.choice([None, "t1", "t2"]),
                "customer_id": draw.choice([None, "c"]),
                "channel": draw.choice([None, None, "chat", "phone"]),
                "reason": draw.choice([None, "refund"]),
                "priority": draw.choice([None, None, "low", "high"]),
                "run_id": ("r" if is_played else draw.choice("rrs")) if in_run else None,
                "workflow": "w" if in_run else None,
                "version": draw.choice("1111123") if in_run else None,
                "step": draw.choice(steps) if in_run else None,
                "value": draw.choice(VALUES.get(kind, [None, "yes", "no", "no"])),
                "hits": draw.choice([None, 0, 3, 3]) if kind == Kind.SEARCHED else None,
                "score": draw.choice([0.0, 3.0, 4.0, 5.0]) if rated else None,
                "scale_max": draw.choice([5.0, 10.0]) if rated else None,
            }
        )
    draw.shuffle(found)
    return pl.DataFrame(found, schema=SCHEMA) if found else SCHEMA.to_frame()


def histories() -> st.SearchStrategy[pl.DataFrame]:
    return st.builds(made_up, st.integers(0, 2**32), st.integers(0, 80))


DEFINITIONS = st.sampled_from([(), DEFINED, DEFINED])


def agree(relation: pl.DataFrame, told: list[twin.Row], key: list[str]) -> None:
    assert relation.height == len(told)
    if told:
        expected = pl.DataFrame(told, schema={name: relation.schema[name] for name in told[0]})
        assert_frame_equal(relation.select(expected.columns).sort(key), expected.sort(key), check_exact=True)


@EXAMPLES
@given(histories(), DEFINITIONS)
def test_facts_agree_with_their_twin(history, definitions):
    hardly_any = Thresholds(silent_runs_needed=2, ended_share_needed=0.4)
    connection = warehouse(history, definitions=definitions, thresholds=hardly_any)
    agree(rows(connection, "tickets"), twin.tickets(history), KEYS["tickets"])
    agree(rows(connection, "runs"), twin.runs(history), KEYS["runs"])
    agree(rows(connection, "visits"), twin.visits(history, definitions), KEYS["visits"])
    agree(rows(connection, "contacts"), twin.repeats(history), KEYS["contacts"])
    agree_on_waits_and_issues(connection, history)
    judged = twin.classified_visits(history, definitions, fewest=2, share=0.4)
    agree(rows(connection, "classified_visits"), judged, KEYS["classified_visits"])


@EXAMPLES
@given(histories(), DEFINITIONS, st.integers(0, 30 * 24))
def test_the_past_is_what_was_known_then(history, definitions, hours):
    moment = START + timedelta(hours=hours)
    connection = warehouse(history, definitions=definitions)
    known = history.filter(pl.col("occurred_at") <= moment)
    judged = twin.classified_visits(known, definitions, as_of=moment)
    agree(rows(connection, "classified_visits", as_of=moment), judged, KEYS["classified_visits"])
    agree(rows(connection, "tickets", as_of=moment), twin.tickets(known), KEYS["tickets"])
    agree_on_waits_and_issues(connection, known, as_of=moment)


def agree_on_waits_and_issues(connection, known, as_of=None):
    told = {
        "open_periods": twin.open_periods(known),
        "resolution_waits": twin.resolution_waits(known, as_of=as_of),
        "resolved_issues": twin.settled(known, as_of=as_of),
    }
    for name, expected in told.items():
        agree(rows(connection, name, as_of=as_of), expected, KEYS[name])


def everything(connection) -> dict[str, pl.DataFrame]:
    return {name: rows(connection, name).sort(key or pl.all()) for name, key in KEYS.items()}


def assert_same(left, right) -> None:
    there = everything(right)
    for name, frame in everything(left).items():
        assert_frame_equal(frame, there[name], check_exact=True)


@FEWER
@given(histories(), DEFINITIONS, st.integers(2, 5), st.booleans())
def test_any_split_of_a_history_gives_the_same_facts(history, definitions, parts, definitions_first):
    whole = warehouse(history, definitions=definitions)
    split = empty_warehouse()
    if definitions_first:
        add(split, history.clear(), definitions)
    for part in range(parts):
        add(split, history.gather_every(parts, part))
        refresh(split)
    if not definitions_first:
        add(split, history.clear(), definitions)
        refresh(split)
    assert_same(whole, split)


@FEWER
@given(histories(), DEFINITIONS)
def test_other_limits_make_all_facts_anew(history, definitions):
    strict = Thresholds(quick_back_seconds=1, inputs_rejected_needed=1, satisfied_share=0.5)
    changed = warehouse(history, definitions=definitions)
    refresh(changed, Settings(thresholds=strict))
    assert_same(changed, warehouse(history, definitions=definitions, thresholds=strict))


AVAILABLE = list(CATALOG)


@FEWER
@given(histories(), DEFINITIONS)
def test_shares_are_shares_and_no_row_is_lost_between_grains(history, definitions):
    connection = warehouse(history, definitions=definitions)
    total = measure(connection, AVAILABLE)
    for metric, value, n, low, high in total.iter_rows():
        assert n >= 0
        if CATALOG[metric].unit == "share" and n:
            assert 0 <= low <= value <= high <= 1
    assert total["metric"].to_list() == AVAILABLE
    for by in (["channel"], ["week"], ["day", "priority"]):
        split = measure(connection, AVAILABLE, by=by).group_by("metric").agg(pl.col("n").sum())
        together = dict(zip(total["metric"], total["n"], strict=True))
        assert all(together[name] == n for name, n in split.iter_rows())
    classified = rows(connection, "classified_visits")["is_confused"].count()
    assert total.filter(metric="confusion_rate")["n"].item() == classified


@FEWER
@given(histories(), st.randoms(use_true_random=False))
def test_neither_row_order_nor_threads_matter(history, random):
    order = list(range(history.height))
    random.shuffle(order)
    one, four = warehouse(history, definitions=DEFINED), warehouse(history[order], definitions=DEFINED)
    one.execute("SET threads = 1")
    four.execute("SET threads = 4")
    assert_same(one, four)
    assert_frame_equal(measure(one, AVAILABLE), measure(four, AVAILABLE), check_exact=True)


def test_an_unrefreshed_warehouse_answers_from_its_events():
    connection = empty_warehouse()
    assert not warehouse_state(connection).has_facts
    assert measure(connection, AVAILABLE, scope=Scope(as_of=START))["n"].sum() == 0
    add(connection, warehouse("a opened @0s").sql("SELECT * EXCLUDE (load_id, position) FROM events").pl())
    assert measure(connection, ["tickets_opened"])["value"].to_list() == [1.0]


@pytest.mark.parametrize("name", list(relations()))
def test_every_relation_is_headed_by_its_grain(name):
    assert relations()[name].grain.startswith("One row")
    assert relations()[name].grain.endswith((".", ":", "?"))


def test_stored_facts_do_not_read_the_clock():
    reached, ahead = set(), list(STORED)
    while ahead:
        name = ahead.pop()
        reached.add(name)
        ahead += relations()[name].reads if name in relations() else []
    assert {"events", "thresholds", "workflow_steps"} <= reached
    assert "clock" not in reached


OF_TICKETS = (
    *("is_begun_late", "is_repeat", "given_up", "on_hold", "both_wait"),
    *("settled", "not_settled", "spells", "taken_back", "moved"),
)


def test_the_histories_made_up_show_everything_they_are_meant_to_test():
    of_visits = (*twin.STRONG, *twin.WEAK, "is_rushed")
    shown = dict.fromkeys([*of_visits, *OF_TICKETS], 0)
    for seed in range(90):
        history = made_up(seed, 60)
        for visit in twin.classified_visits(history, DEFINED):
            for sign in of_visits:
                shown[sign] += bool(visit[sign])
        for told in twin.tickets(history):
            shown["is_begun_late"] += told["first_response_minutes"] != told["felt_first_response_minutes"]
            shown["given_up"] += told["given_up_at"] is not None
            shown["on_hold"] += bool(told["hold_minutes"])
            shown["both_wait"] += bool(told["requester_wait_minutes"] and told["agent_wait_minutes"])
        shown["is_repeat"] += sum(told["is_repeat"] for told in twin.repeats(history))
        settled = [told["is_settled_at_once"] for told in twin.settled(history)]
        shown["settled"] += settled.count(True)
        shown["not_settled"] += settled.count(False)
        shown["spells"] += len(twin.open_periods(history))
        stories = twin.stories(history, "ticket_id").values()
        shown["moved"] += any(row["moved"] for talk in twin.conversations(history).values() for row in talk)
        shown["taken_back"] += sum(len(twin.effective(story)) < len(story) for story in stories)
    assert min(shown.values()) >= 5, shown
