"""How people name the columns and activities of event logs: what a guess goes by."""

from __future__ import annotations

import re

from etl.contract.kinds import Kind

# Words of names, the more telling ones first; a name is cut into its words before it is compared.
NAMES: dict[str, tuple[str, ...]] = {
    "event_id": ("event id", "event uuid", "event key", "log id"),
    "ticket_id": (
        *("case concept name", "ticket id", "case id", "ticket number", "incident id", "case number"),
        *("ticket key", "issue key", "conversation id", "request id", "ticket", "case", "incident", "issue"),
        *("conversation", "number", "id"),
    ),
    "occurred_at": (
        *("time timestamp", "occurred at", "complete timestamp", "timestamp", "event time", "date time"),
        *("datetime", "occurred", "happened at", "updated at", "sys updated at", "changed at", "data stamp"),
        *("created at", "time", "date", "start timestamp", "created", "updated", "stamp"),
    ),
    "agent_id": (
        "org resource",
        "agent id",
        "agent",
        "assigned to",
        "assignee",
        "resource",
        "user",
        "operator",
    ),
    "team": ("org group", "team", "assignment group", "support group", "queue", "department", "group"),
    "customer_id": ("customer id", "customer", "requester id", "requester", "caller id", "caller", "client"),
    "channel": ("channel", "contact type", "via", "medium"),
    "reason": ("contact reason", "reason", "category", "topic", "issue type", "product"),
    "priority": ("priority", "urgency", "severity"),
    "run_id": ("run id", "workflow run", "session id"),
    "workflow": ("workflow", "process name", "process"),
    "version": ("workflow version", "version"),
    "step": ("step id", "step name", "step"),
    "hits": ("hits", "results found"),
    "score": ("csat score", "score", "rating", "csat"),
    "scale_max": ("scale max", "rating scale"),
}
ACTIVITIES = (
    *("concept name", "activity", "activity name", "activity type", "incident activity type", "event type"),
    *("event name", "action", "event", "incident state", "status", "state", "type", "task"),
)
# A time that a row about a whole ticket has: what it tells.
MOMENTS: dict[Kind, re.Pattern[str]] = {
    Kind.OPENED: re.compile(
        r"^(open|opened|create|created|submitted|reported)( (at|on|time|date|timestamp))?$"
    ),
    Kind.REOPENED: re.compile(r"^(reopen|reopened)( (at|on|time|date))?$"),
    Kind.SOLVED: re.compile(r"^(solve|solved|resolve|resolved|resolution)( (at|on|time|date))?$"),
    Kind.CLOSED: re.compile(r"^(close|closed|closing)( (at|on|time|date))?$"),
}
# What a column of numbers is called that count from 1970.
TIME_NAME = re.compile(r"(^|\b)(at|on|time|timestamp|ts|date|datetime|when|epoch|created|updated)$")
# What an activity of this name tells beside a step; the first that is found.
MEANINGS: tuple[tuple[re.Pattern[str], tuple[Kind, ...]], ...] = (
    (re.compile(r"\b(re-?open(ed)?)\b"), (Kind.REOPENED,)),
    (re.compile(r"\b(closed?|closing)$|^close\b"), (Kind.CLOSED, Kind.RUN_FINISHED)),
    (re.compile(r"^(resolved?|solved?)\b"), (Kind.SOLVED,)),
    (re.compile(r"^(open(ed)?|created?|insert|register|new)\b"), (Kind.OPENED,)),
    (re.compile(r"^(re-?assign(ed|ment)?|assign(ed|ment)?)$"), (Kind.ASSIGNED,)),
    (re.compile(r"^escalat(e|ed|ion)\b"), (Kind.ESCALATED,)),
)
# What the transitions of XES mean, as `etl.sources.xes_rows` tells them.
LIFECYCLE: dict[str, list[Kind]] = {
    "entered": [Kind.ENTERED],
    "left": [Kind.ANSWERED],
    **{name: [Kind.ASSIGNED] for name in ("schedule", "assign", "reassign")},
    "suspend": [Kind.PAUSED],
    "resume": [Kind.RESUMED],
    **{name: [Kind.SKIPPED] for name in ("autoskip", "manualskip")},
    **{name: [Kind.RUN_ABANDONED] for name in ("withdraw", "ate_abort", "pi_abort")},
}
NULLS = ("?", "-", "NULL", "null", "N/A", "n/a", "NaN", "None", "(null)")
