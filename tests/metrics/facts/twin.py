"""The definitions of METRICS told a second time: event by event, as a story, beside the SQL's sets.

Written from the text, not from the SQL. It walks each ticket and run in event order and keeps what it has
seen, so a mistake in a join or a window over there has no counterpart here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

import polars as pl

from etl.contract.kinds import STEP_KINDS

Row = dict[str, Any]
STRONG = ("asked_help", "changed_answer", "backed_out", "input_rejected", "abandoned", "off_path")
WEAK = ("hesitated", "searched", "repeated", "input_rejected_once")
OTHER_THAN_HESITATED = tuple(sign for sign in STRONG + WEAK if sign != "hesitated")
WEEK = timedelta(days=7)
US = timedelta(microseconds=1)


def stories(events: pl.DataFrame, *key: str) -> dict[tuple[Any, ...], list[Row]]:
    """The events of each key, in event order."""
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in events.sort("occurred_at", "seq", "event_id").iter_rows(named=True):
        if all(row[name] is not None for name in key):
            found.setdefault(tuple(row[name] for name in key), []).append(row)
    return found


def minutes(start: datetime | None, end: datetime | None) -> float | None:
    return None if start is None or end is None else (end - start) // US / 60_000_000


def effective(story: list[Row]) -> list[Row]:
    """The story without what solves or reopens nothing, since the ticket was left out."""
    out, rest = False, []
    for row in story:
        is_void = out and row["kind"] in ("solved", "closed", "reopened")
        if row["kind"] in ("merged", "discarded"):
            out = True
        elif row["kind"] == "reopened":
            out = False
        if not is_void:
            rest.append(row)
    return rest


def excluded_because(story: list[Row]) -> str | None:
    """What the ticket was left out for, unless it was taken back since."""
    reason = None
    for row in story:
        if row["kind"] in ("merged", "discarded"):
            reason = row["kind"]
        elif row["kind"] == "reopened":
            reason = None
    return reason


def merge_end(ticket_id: str, own: Mapping[tuple[Any, ...], list[Row]]) -> str | None:
    """Where the messages of a merged ticket count; None where they stay."""
    passed = [ticket_id]
    while excluded_because(own[(passed[-1],)]) == "merged":
        following = [row["value"] for row in own[(passed[-1],)] if row["kind"] == "merged"][-1]
        if following in passed or (following,) not in own:
            return None
        passed.append(following)
    return passed[-1] if len(passed) > 1 else None


def conversations(events: pl.DataFrame) -> dict[str, list[Row]]:
    """The events of each ticket, with what was said in those merged into it, in event order."""
    own = stories(events, "ticket_id")
    joined = {ticket_id: [{**row, "moved": False} for row in story] for (ticket_id,), story in own.items()}
    for (ticket_id,), story in own.items():
        end = merge_end(ticket_id, own)
        if end is not None:
            joined[end] += [
                {**row, "moved": True} for row in story if row["kind"] in ("opened", "replied", "handed_off")
            ]
    order = lambda row: (row["occurred_at"], row["seq"], row["event_id"])  # noqa: E731
    return {ticket_id: sorted(story, key=order) for ticket_id, story in joined.items()}


def tickets(events: pl.DataFrame) -> list[Row]:
    return [_ticket(ticket_id, talk) for ticket_id, talk in conversations(events).items()]


def _ticket(ticket_id: str, talk: list[Row]) -> Row:
    """`talk`: its events and the messages of tickets merged into it."""
    story = [row for row in talk if not row["moved"]]
    last = {
        name: next((row[name] for row in reversed(story) if row[name] is not None), None)
        for name in ("channel", "reason", "priority", "customer_id", "team", "workflow")
    }
    opened = next((row for row in story if row["kind"] == "opened"), None)
    contact = next(
        (
            row["occurred_at"]
            for row in talk
            if (row["kind"] == "opened" and row["actor"] != "agent")
            or (row["kind"] == "replied" and row["actor"] == "customer")
        ),
        None,
    )
    opened_at = opened["occurred_at"] if opened else None
    solve = _solving(effective(talk))
    left = left_abandoned(talk)
    rests = [at for at in (solve["given_up"], left) if at is not None and solve["last"] is None]

    def start(end: datetime | None) -> datetime | None:
        begins = [at for at in (contact, opened_at) if at is not None and end is not None and at <= end]
        return begins[0] if begins else None

    ratings = [row for row in story if row["kind"] == "rated"]
    rating = ratings[-1]["score"] / ratings[-1]["scale_max"] if ratings else None
    offers = [row["occurred_at"] for row in story if row["kind"] == "survey_offered"]
    return {
        "ticket_id": ticket_id,
        **last,
        "opened_at": opened_at,
        "first_contact_at": contact,
        **_response(talk, contact),
        "first_solved_at": solve["first"],
        "last_solved_at": solve["last"],
        "last_solved_seq": solve["last_seq"],
        "first_resolution_minutes": minutes(start(solve["first"]), solve["first"]),
        "resolution_minutes": minutes(start(solve["last"]), solve["last"]),
        "reopens": solve["reopens"],
        "has_reopening": any(row["kind"] == "reopened" for row in story),
        "is_open": solve["is_open"] and left is None,
        "customer_left_at": left,
        **_abandonment(talk, contact, opened_at),
        "is_followed_up": solve["is_followed_up"],
        **_waits(effective(talk), start(solve["last"]) is not None),
        "given_up_at": min(rests, default=None),
        "hand_offs": sum(row["kind"] == "handed_off" for row in talk),
        "escalations": sum(row["kind"] == "escalated" for row in story),
        "agent_events": sum(row["actor"] == "agent" for row in talk),
        "agent_replies": sum(row["kind"] == "replied" and row["actor"] == "agent" for row in talk),
        "is_satisfied": None if rating is None else rating >= 0.8,
        "rated_at": ratings[-1]["occurred_at"] if ratings else None,
        "survey_offered_at": offers[0] if offers else None,
        "is_answered_early": answered_early(talk),
        "is_opened_by_agent": opened["actor"] == "agent" if opened else None,
        "excluded_because": excluded_because(story),
        "has_run": any(row["kind"] == "entered" for row in story),
    }


def left_abandoned(talk: list[Row]) -> datetime | None:
    """When the customer hung up or left, if nobody has written and nothing was reopened since."""
    left = None
    for row in effective(talk):
        if row["kind"] == "contact_abandoned":
            left = left or row["occurred_at"]
        elif row["kind"] == "reopened" or (
            row["kind"] == "replied" and row["actor"] in ("agent", "customer")
        ):
            left = None
    return left


def _abandonment(talk: list[Row], contact: datetime | None, opened_at: datetime | None) -> Row:
    """Whether the customer left before an answer, and whether within seconds each time."""
    first = back = None
    gone = answered = False
    waits: list[float | None] = []
    for row in effective(talk):
        at = row["occurred_at"]
        if row["kind"] == "contact_abandoned" and not gone:
            first, gone = first or at, True
            begins = [each for each in (contact, opened_at) if each is not None and each <= at][:1]
            since = max([*begins, *([back] if back else [])], default=None)
            waits += [] if answered else [minutes(since, at)]
        elif row["kind"] == "reopened" or (
            row["kind"] == "replied" and row["actor"] in ("agent", "customer")
        ):
            back, gone = at if gone else back, False
        answered = answered or _answers(row, contact)
    return {
        "abandoned_at": first,
        "is_abandoned": bool(waits),
        "is_abandoned_soon": bool(waits) and all(w is not None and w * 60 <= 10 for w in waits),
    }


def _answers(row: Row, contact: datetime | None) -> bool:
    is_reply = row["kind"] == "replied" and row["actor"] == "agent"
    return is_reply and contact is not None and row["occurred_at"] >= contact


def answered_early(talk: list[Row]) -> bool:
    """Whether an agent wrote, but never after the opening, and the customer not at all."""
    if any(_is_from_customer(row) for row in talk):
        return False
    instants = [row["occurred_at"] for row in talk if row["kind"] == "opened"]
    replies = [
        bool(instants) and row["occurred_at"] < instants[0]
        for row in talk
        if row["kind"] == "replied" and row["actor"] == "agent"
    ]
    return bool(replies) and all(replies)


def _is_from_customer(row: Row) -> bool:
    return bool(row["kind"] == "replied" and row["actor"] == "customer")


def _response(story: list[Row], contact: datetime | None) -> Row:
    clock = contact
    for row in story:
        if contact is None or row["occurred_at"] < contact:
            continue
        if row["kind"] == "handed_off":
            clock = row["occurred_at"]
        if row["kind"] == "replied" and row["actor"] == "agent":
            return {
                "first_response_seq": row["seq"],
                "first_response_minutes": minutes(clock, row["occurred_at"]),
                "felt_first_response_minutes": minutes(contact, row["occurred_at"]),
            }
    return {"first_response_seq": None, "first_response_minutes": None, "felt_first_response_minutes": None}


def _solving(story: list[Row]) -> Row:
    """Walks through the solves and reopenings of one ticket; messages end what a customer's leaving began."""
    contacts = [
        row["occurred_at"]
        for row in story
        if _is_from_customer(row) or (row["kind"] == "opened" and row["actor"] != "agent")
    ]
    answered = gone = unanswered = False
    was_solved, is_open, reopens, followed_up = False, True, 0, False
    solves: list[datetime] = []
    first = last = last_seq = given_up = None
    for row in story:
        at = row["occurred_at"]
        if row["kind"] == "contact_abandoned" and not gone:
            gone, unanswered = True, not answered
        elif row["kind"] == "reopened" or (
            row["kind"] == "replied" and row["actor"] in ("agent", "customer")
        ):
            gone = False
        answered = answered or _answers(row, contacts[0] if contacts else None)
        is_idle = gone and unanswered
        if row["kind"] == "solved" or (row["kind"] == "closed" and not was_solved and not is_idle):
            first, last, last_seq, is_open, given_up = first or at, at, row["seq"], False, None
            solves.append(at)
            was_solved = was_solved or row["kind"] == "solved"
        elif row["kind"] == "closed":
            is_open = False
            given_up = at if last is None else None
        elif row["kind"] == "reopened" and solves:
            last, is_open, reopens, given_up = None, True, reopens + 1, None
        elif row["kind"] == "reopened":
            is_open, given_up = True, None
        elif row["kind"] == "followed_up":
            followed_up = followed_up or any(at - solved <= WEEK for solved in solves)
    return {
        "solves": solves,
        "first": first,
        "last": last,
        "last_seq": None if last is None else last_seq,
        "given_up": given_up,
        "reopens": reopens,
        "is_open": is_open,
        "is_followed_up": followed_up,
    }


def _waits(story: list[Row], is_known: bool) -> Row:
    """Walks from turn to turn, adding the time since the last to whoever waited."""
    waited = {"requester": 0, "agent": 0, "hold": 0}
    turn, held, at_rest, spoken, solved, since, gone = None, False, False, False, False, None, False
    for row in story:
        kind, actor, now = row["kind"], row["actor"], row["occurred_at"]
        if since is not None and not at_rest and not gone:
            passed = (now - since) // US
            waited["hold"] += passed * held
            waited["requester"] += passed * (held or turn == "customer waits")
            waited["agent"] += passed * (not held and turn == "agent waits")
        since = now
        if kind in ("contact_abandoned", "reopened") or (
            kind == "replied" and actor in ("customer", "agent")
        ):
            gone = kind == "contact_abandoned"
        if (kind == "replied" and actor in ("customer", "agent")) or (
            kind == "opened" and (row["moved"] or not spoken)
        ):
            turn = "agent waits" if actor == "agent" else "customer waits"
            spoken = True
        elif kind in ("solved", "closed"):
            at_rest, held, solved = True, False, True
        elif kind == "reopened":
            at_rest = False
            turn = "customer waits" if solved else turn
            held = held and not solved
        elif kind in ("held", "released"):
            held = kind == "held"
    last = _solving(story)["last"]
    known = is_known and last is not None
    return {
        **{
            f"{who}_minutes": waited[name] / 60_000_000 if known else None
            for who, name in (("requester_wait", "requester"), ("agent_wait", "agent"), ("hold", "hold"))
        },
        "holds": sum(row["kind"] == "held" for row in story),
    }


def _is_open_after(talk: list[Row]) -> list[bool]:
    """Of each event, whether the ticket is open after it."""
    opened = at_rest = left_out = abandoned = False
    states = []
    for row in talk:
        kind = row["kind"]
        opened = opened or (kind == "opened" and not row["moved"])
        if kind in ("merged", "discarded"):
            left_out = True
        elif left_out and kind == "reopened":
            left_out = False
        elif not left_out and kind in ("solved", "closed", "reopened"):
            at_rest = kind != "reopened"
            abandoned = abandoned and at_rest
        elif kind == "contact_abandoned" or (kind == "replied" and row["actor"] in ("customer", "agent")):
            abandoned = kind == "contact_abandoned"
        states.append(opened and not at_rest and not left_out and not abandoned)
    return states


def open_periods(events: pl.DataFrame) -> list[Row]:
    """From when to when each ticket was open."""
    found: list[Row] = []
    for ticket_id, talk in conversations(events).items():
        began = None
        for row, is_open in zip(talk, _is_open_after(talk), strict=True):
            if is_open and began is None:
                began = row["occurred_at"]
            if not is_open and began is not None:
                found.append({"ticket_id": ticket_id, "began_at": began, "ended_at": row["occurred_at"]})
                began = None
        if began is not None:
            found.append({"ticket_id": ticket_id, "began_at": began, "ended_at": None})
    return found


def resolution_waits(events: pl.DataFrame, *, as_of: datetime | None = None) -> list[Row]:
    """How long each customer has waited for the resolution, and whether it came."""
    if events.is_empty():
        return []
    now = as_of or events["occurred_at"].max()
    found = []
    for told in tickets(events):
        solved = told["last_solved_at"] is not None
        since = told["first_contact_at"] or told["opened_at"]
        waited = told["resolution_minutes"] if solved else minutes(since, told["given_up_at"] or now)
        if told["excluded_because"] is None and waited is not None and waited >= 0:
            found.append({"ticket_id": told["ticket_id"], "is_over": solved, "waited_minutes": waited})
    return found


def settled(events: pl.DataFrame, *, as_of: datetime | None = None) -> list[Row]:
    """Tickets of known customers and reasons, a week after their latest solve: settled at once?"""
    told = {row["ticket_id"]: row for row in tickets(events) if row["excluded_because"] is None}
    now = as_of or events["occurred_at"].max()
    found = []
    for ticket_id, solves in solves_of(events).items():
        old = told.get(ticket_id)
        if old is None or not (old["customer_id"] and old["reason"]) or now - max(solves) < WEEK:
            continue
        came_back = any(
            timedelta(0) < new["opened_at"] - at <= WEEK
            for new in told.values()
            if new is not old
            and new["opened_at"]
            and not new["is_opened_by_agent"]
            and (new["customer_id"], new["reason"]) == (old["customer_id"], old["reason"])
            for at in solves
            if old["opened_at"] is None or at >= old["opened_at"]
        )
        found.append({"ticket_id": ticket_id, "is_settled_at_once": not came_back and not old["reopens"]})
    return found


def solves_of(events: pl.DataFrame) -> dict[str, list[datetime]]:
    """When each ticket ever solved was solved."""
    solves = {ticket: _solving(effective(talk))["solves"] for ticket, talk in conversations(events).items()}
    return {ticket: instants for ticket, instants in solves.items() if instants}


def repeats(events: pl.DataFrame) -> list[Row]:
    """Tickets of known customers and reasons, and whether each is a repeat contact."""
    told = {row["ticket_id"]: row for row in tickets(events) if row["excluded_because"] is None}
    solves = solves_of(events)
    return [
        {
            "ticket_id": new["ticket_id"],
            "is_repeat": any(
                timedelta(0) < new["opened_at"] - at <= WEEK
                for old in told.values()
                if old is not new
                and (old["customer_id"], old["reason"]) == (new["customer_id"], new["reason"])
                for at in solves.get(old["ticket_id"], [])
                if old["opened_at"] is None or at >= old["opened_at"]
            ),
        }
        for new in told.values()
        if new["opened_at"] and not new["is_opened_by_agent"] and new["customer_id"] and new["reason"]
    ]


def _ending(story: list[Row]) -> int | None:
    """The place of the run's end: the first ending after which no step was entered."""
    entered = [place for place, row in enumerate(story) if row["kind"] == "entered"]
    after = entered[-1] if entered else -1
    endings = [
        place
        for place, row in enumerate(story)
        if place > after and row["kind"] in ("run_finished", "run_abandoned")
    ]
    return endings[0] if endings else None


def run_stories(events: pl.DataFrame, *, unique: str | None = None) -> dict[tuple[Any, ...], list[Row]]:
    """The events of each run under its ticket: several tickets with one run id may be one run."""
    by_ticket = stories(events, "ticket_id")
    apart = stories(events, "ticket_id", "run_id")
    turns: dict[Any, dict[Any, list[datetime]]] = {}
    for (ticket_id, run_id), story in apart.items():
        if times := [row["occurred_at"] for row in story if row["kind"] in STEP_KINDS]:
            turns.setdefault(run_id, {})[ticket_id] = times
    belongs_to: dict[tuple[Any, Any], tuple[Any, int]] = {}
    for run_id, times_of in turns.items():
        tickets = sorted(times_of, key=lambda ticket: (times_of[ticket][0], times_of[ticket][-1], ticket))
        whole = {ticket: by_ticket[ticket,] for ticket in tickets}
        customers = {row["customer_id"] for story in whole.values() for row in story} - {None}
        in_turn = all(times_of[a][-1] <= times_of[b][0] for a, b in pairwise(tickets))
        is_one = len(tickets) <= 3 and len(customers) <= 1 and in_turn
        if len(tickets) > 1 and (unique == "source" or (unique is None and is_one)):
            gone = {ticket for ticket, story in whole.items() if excluded_because(story)}
            home = next((ticket for ticket in tickets if ticket not in gone), tickets[0])
            belongs_to |= {(ticket, run_id): (home, turn) for turn, ticket in enumerate(tickets)}
    joined: dict[tuple[Any, ...], list[tuple[datetime, int, Row]]] = {}
    for (ticket_id, run_id), story in apart.items():
        home, turn = belongs_to.get((ticket_id, run_id), (ticket_id, 0))
        joined.setdefault((home, run_id), []).extend((row["occurred_at"], turn, row) for row in story)
    return {
        key: [row for *_, row in sorted(parts, key=lambda part: part[:2])] for key, parts in joined.items()
    }


def runs(events: pl.DataFrame, *, unique: str | None = None) -> list[Row]:
    return [_run(key, story) for key, story in run_stories(events, unique=unique).items()]


def _run(key: tuple[Any, ...], story: list[Row]) -> Row:
    end = _ending(story)
    return {
        "ticket_id": key[0],
        "run_id": key[1],
        "started_at": story[0]["occurred_at"],
        "last_event_at": story[-1]["occurred_at"],
        "ended_at": None if end is None else story[end]["occurred_at"],
        "ended_by": None if end is None else story[end]["kind"],
        "visits": sum(row["kind"] == "entered" for row in story),
    }


def visits(events: pl.DataFrame, definitions: Sequence[Mapping[str, Any]] = ()) -> list[Row]:
    """Every visit with the signs that do not depend on other visits of the step, or on the clock."""
    steps = {(row["workflow"], row["version"], row["step"]): row for row in definitions}
    solved = {row["ticket_id"]: row["last_solved_at"] for row in tickets(events)}
    found = []
    for key, story in run_stories(events).items():
        for visit in (of_run := _visits_of_run(key, story, steps)):
            last = solved[key[0]]
            found.append(visit | {"is_after_solve": last is not None and of_run[0]["entered_at"] > last})
    return found


def _visits_of_run(key: tuple[Any, ...], story: list[Row], steps: Mapping[Any, Any]) -> list[Row]:
    end = _ending(story)
    kept = story if end is None else story[: end + 1]
    starts = [place for place, row in enumerate(kept) if row["kind"] == "entered"]
    parts = [kept[a:b] for a, b in pairwise([*starts, len(kept)])]
    found: list[Row] = []
    for number, part in enumerate(parts):
        is_last = number == len(parts) - 1
        left_at = part[-1]["occurred_at"] if is_last else parts[number + 1][0]["occurred_at"]
        found.append(
            {
                "ticket_id": key[0],
                "run_id": key[1],
                "visit_number": number + 1,
                "workflow": part[0]["workflow"],
                "version": part[0]["version"],
                "step": part[0]["step"],
                "entered_at": part[0]["occurred_at"],
                "left_at": left_at,
                "is_last": is_last,
                "is_unended": is_last and end is None,
                "dwell_us": (left_at - part[0]["occurred_at"]) // US,
                "paused_us": _paused(part, left_at),
                "pauses": _number_of("paused", part),
                "own_pauses": sum(
                    row["kind"] == "paused" and row["value"] not in ("customer", "system") for row in part
                ),
                "is_help_after_pause": _is_help_after_pause(part, steps.get(_step_of(part))),
                "searches": _number_of("searched", part),
                "inputs_rejected": _number_of("input_rejected", part),
                "answer": _answer(part),
                "is_left_by_going_back": _left_by_going_back(part) is not None,
                **_signs(number, parts, steps),
                "abandoned": is_last and part[-1]["kind"] == "run_abandoned",
            }
        )
    return found


def logs_of_states(found: list[Row]) -> set[str]:
    """Workflows whose visits hardly ever have an act of an agent, and mostly last over an hour."""
    of_workflow: dict[str, list[Row]] = {}
    for visit in found:
        if visit["workflow"] is not None:
            of_workflow.setdefault(visit["workflow"], []).append(visit)
    names = set()
    for name, own in of_workflow.items():
        acts = [
            visit
            for visit in own
            if visit["asked_help"]
            or visit["searches"]
            or visit["is_left_by_going_back"]
            or visit["inputs_rejected"]
            or visit["pauses"]
            or visit["answer"] is not None
        ]
        led_on = [visit["dwell_us"] for visit in own if not visit["is_last"]]
        if len(acts) < 0.01 * len(own) and led_on and median(led_on) > 3_600_000_000:
            names.add(name)
    return names


def _number_of(kind: str, part: Iterable[Row]) -> int:
    return sum(row["kind"] == kind for row in part)


def _paused(part: list[Row], left_at: datetime) -> int:
    since, total = None, timedelta(0)
    for row in part:
        if row["kind"] == "paused" and since is None:
            since = row["occurred_at"]
        if row["kind"] == "resumed" and since is not None:
            total, since = total + (row["occurred_at"] - since), None
    return (total + (left_at - since if since is not None else timedelta(0))) // US


def _left_by_going_back(part: list[Row]) -> datetime | None:
    """When the visit was left by going back; None if it was not."""
    last = [row for row in part if row["kind"] in STEP_KINDS][-1]
    return last["occurred_at"] if last["kind"] == "went_back" else None


def _answer(part: list[Row]) -> str | None:
    answers = [row["value"] for row in part if row["kind"] == "answered" and row["value"] is not None]
    return answers[-1] if answers else None


def _signs(number: int, parts: list[list[Row]], steps: Mapping[Any, Any]) -> Row:
    part = parts[number]
    step = part[0]["step"]
    rule = steps.get((part[0]["workflow"], part[0]["version"], step))
    again = next((later for later in range(number + 1, len(parts)) if parts[later][0]["step"] == step), None)
    back = _left_by_going_back(part)
    changed = repeated = False
    if again is not None:
        before, after = _answer(part), _answer(parts[again])
        came_back = _left_by_going_back(parts[again - 1]) is not None
        changed = came_back and before is not None and after is not None and before != after
        changed = changed and not (rule and (rule["returns_by_design"] or rule["customer_decides"]))
        repeated = not any(_number_of("went_back", between) for between in parts[number:again])
    rejected = _number_of("input_rejected", part)
    return {
        "asked_help": _asks_help(part, rule),
        "changed_answer": changed,
        "backed_out": back is not None
        and back - part[0]["occurred_at"] <= timedelta(seconds=15)
        and _comes_to_trouble(parts[number + 1 :], parts[: number + 1], steps),
        "input_rejected": rejected >= 2,
        "input_rejected_once": rejected == 1,
        "off_path": None if rule is None else _off_path(number, parts, rule, steps),
        "searched": False if rule and rule["searches_by_design"] else _searched_in_vain(part, rule),
        "repeated": repeated and not (rule and rule["returns_by_design"]),
    }


def _step_of(part: list[Row]) -> tuple[Any, ...]:
    return part[0]["workflow"], part[0]["version"], part[0]["step"]


def _asks_help(part: list[Row], rule: Row | None) -> bool:
    return _number_of("asked_help", part) > 0 and not (rule and rule["help_by_design"])


def _comes_to_trouble(later: list[list[Row]], earlier: list[list[Row]], steps: Mapping[Any, Any]) -> bool:
    """Whether help is asked for or an answer is another one in what a run went back to, until it goes on."""
    for place, part in enumerate(later):
        before = [*earlier, *later[:place]]
        if _left_by_going_back(before[-1]) is None:
            return False
        answers = [_answer(visit) for visit in before if visit[0]["step"] == part[0]["step"]][-1:]
        rule = steps.get(_step_of(part))
        is_another = None not in (_answer(part), *answers) and answers not in ([], [_answer(part)])
        is_meant = rule and (rule["returns_by_design"] or rule["customer_decides"])
        if (is_another and not is_meant) or _asks_help(part, rule):
            return True
    return False


def _searched_in_vain(part: list[Row], rule: Row | None) -> bool | None:
    """Whether a search found nothing, was not the only one or led to asking; None where hits are not said."""
    hits = [row["hits"] for row in part if row["kind"] == "searched"]
    if not hits:
        return False
    first = [row["kind"] for row in part].index("searched")
    if len(hits) > 1 or 0 in hits or _asks_help(part[first:], rule):
        return True
    return None if None in hits else False


def _is_help_after_pause(part: list[Row], rule: Row | None) -> bool:
    """Whether help was asked for after a pause that waits neither for the customer nor for a system."""
    own = [row["kind"] == "paused" and row["value"] not in ("customer", "system") for row in part]
    return True in own and _asks_help(part[own.index(True) :], rule)


def _off_path(number: int, parts: list[list[Row]], rule: Row, steps: Mapping[Any, Any]) -> bool:
    part = parts[number]
    workflow, version = part[0]["workflow"], part[0]["version"]
    is_moved_on = number + 1 < len(parts) and _left_by_going_back(part) is None
    defined = [steps.get((workflow, version, name)) for name in rule["next"]]
    may_escalate = "escalation" in (rule["type"], *(step["type"] for step in defined if step))
    return bool(
        (is_moved_on and parts[number + 1][0]["step"] not in rule["next"])
        or (_number_of("escalated", part) and not may_escalate)
        or (_number_of("skipped", part) and rule["required"])
    )


def fluent_times(
    found: list[Row], definitions: Sequence[Mapping[str, Any]]
) -> dict[tuple[str, str, str], tuple[float | None, float]]:
    """By step version, how long an untroubled visit takes, and below how many microseconds it is rushed."""
    expected = {
        (row["workflow"], row["version"], row["step"]): row["expected_seconds"] for row in definitions
    }
    dwells: dict[tuple[str, str, str], list[int]] = {}
    for visit in found:
        is_troubled = any(visit[sign] for sign in OTHER_THAN_HESITATED)
        if not (visit["is_unended"] or visit["is_after_solve"] or is_troubled):
            key = (visit["workflow"], visit["version"], visit["step"])
            dwells.setdefault(key, []).append(visit["dwell_us"] - visit["paused_us"])
    fluent = {}
    for key, values in dwells.items():
        slow = [value for value in values if value >= 5e6]
        unhurried = median(slow) if slow else (expected.get(key) or 0) * 1e6
        rushed_below = min(5e6, 0.2 * unhurried)
        careful = [value for value in values if value >= rushed_below]
        fluent[key] = (median(careful) if careful else None, rushed_below)
    return fluent


def _is_solved_around(visit: Row, solves: Iterable[datetime], reopened: Iterable[datetime]) -> bool:
    """Whether its ticket was solved in the last visit of a run, or within an hour after its last event."""
    reopened = [*reopened]
    return any(
        visit["entered_at"] <= at <= visit["left_at"] + timedelta(hours=1)
        and not any(at <= later <= visit["left_at"] for later in reopened)
        for at in solves
    )


def _without_ends(silent: Iterable[list[Row]], fewest: int, share: float) -> set[tuple[Any, ...]]:
    """The workflow versions of which hardly any silent run has an end; a run is of the last one it names."""
    ends: dict[tuple[Any, ...], list[bool]] = {}
    for story in silent:
        names = tuple(
            next((row[name] for row in reversed(story) if row[name] is not None), None)
            for name in ("workflow", "version")
        )
        ends.setdefault((story[0].get("source"), *names), []).append(_ending(story) is not None)
    return {key for key, ended in ends.items() if len(ended) >= fewest and sum(ended) < share * len(ended)}


def classified_visits(
    events: pl.DataFrame,
    definitions: Sequence[Mapping[str, Any]] = (),
    *,
    as_of: datetime | None = None,
    fewest: int = 20,
    share: float = 0.05,
) -> list[Row]:
    """Visits that count, with all signs and whether each is confused, seen at `as_of`."""
    if events.is_empty():
        return []
    newest: dict[Any, datetime] = {}
    for row in events.iter_rows(named=True):
        source = row.get("source")
        newest[source] = max(newest.get(source, row["occurred_at"]), row["occurred_at"])
    told = run_stories(events)

    def is_over(story: list[Row]) -> bool:
        now = as_of or newest[story[0].get("source")]
        return _ending(story) is not None or now - story[-1]["occurred_at"] >= timedelta(hours=24)

    with_steps = [story for story in told.values() if any(row["kind"] == "entered" for row in story)]
    without_ends = _without_ends(filter(is_over, with_steps), fewest, share)
    left_out = {row["ticket_id"] for row in tickets(events) if row["excluded_because"]}
    found = visits(events, definitions)
    solves = solves_of(events)
    reopened = {
        ticket: [row["occurred_at"] for row in effective(talk) if row["kind"] == "reopened"]
        for ticket, talk in conversations(events).items()
    }
    fluent = fluent_times(found, definitions)
    states = logs_of_states([visit for visit in found if visit["ticket_id"] not in left_out])
    rules = {(row["workflow"], row["version"], row["step"]): row for row in definitions}
    judged = []
    for visit in found:
        story = told[visit["ticket_id"], visit["run_id"]]
        if visit["ticket_id"] in left_out or (visit["is_unended"] and not is_over(story)):
            continue
        is_unknown = (story[0].get("source"), visit["workflow"], visit["version"]) in without_ends
        usual, rushed_below = fluent.get((visit["workflow"], visit["version"], visit["step"]), (None, 0))
        unpaused = visit["dwell_us"] - visit["paused_us"]
        rule = rules.get((visit["workflow"], visit["version"], visit["step"]), {})
        expected = rule.get("expected_seconds")
        longest = max((us for us in (usual, expected and expected * 1e6) if us is not None), default=None)
        slow = None if longest is None else unpaused > 3 * longest
        if not visit["is_unended"]:
            given_up: bool | None = visit["abandoned"]
        elif _is_solved_around(
            visit, solves.get(visit["ticket_id"], ()), reopened.get(visit["ticket_id"], ())
        ):
            given_up = False
        else:
            given_up = None if is_unknown else True
        in_vain = visit["is_help_after_pause"] or bool(visit["own_pauses"] and given_up)
        hesitated = False if rule.get("waits_by_design") else True if in_vain else slow
        is_rushed = visit["is_after_solve"] or (not visit["is_unended"] and unpaused < rushed_below)
        signs = {**visit, "abandoned": given_up, "hesitated": hesitated, "is_rushed": is_rushed}
        if visit["workflow"] in states:
            judged.append({**signs, **dict.fromkeys((*STRONG, *WEAK, "is_confused", "is_rushed"))})
            continue
        strong, weak = sum(bool(signs[s]) for s in STRONG), sum(bool(signs[s]) for s in WEAK)
        judged.append({**signs, "is_confused": strong > 0 or weak > 1})
    return judged
