"""A look into a file: what is in it, what a guessed mapping assumes and why, what a load would do."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    # What a guessed mapping assumes, and why.
    "guess.delimiter": "Fields are separated by {delimiter!r}.",
    "guess.utf16": "The text is UTF-16, as its byte order mark says.",
    "guess.not_utf8": "The text is not UTF-8 (line {line:count}); it is read as Windows-1252. Check its "
    "accents.",
    "guess.decimal_comma": "Numbers have a decimal comma; a point in them separates thousands.",
    "guess.order_open": "Dates such as {date!r} are read {order}: no day of {column!r} is above 12, so it "
    'could be either. If they are not, write format = "{other}".',
    "guess.order_certain": "Dates are {order}: {date!r} can be nothing else.",
    "guess.day_first": "day first",
    "guess.month_first": "month first",
    "guess.zone": "The times of {column!r} carry no offset. The mapping says UTC; write the time zone of the "
    "system they come from, such as Europe/Berlin. A wrong zone shifts every time of day.",
    "guess.epoch": "The numbers of {column!r} count from 1970, UTC, as {format!r} says.",
    "guess.one_run": "Each activity is a step that was entered; a ticket is one run.",
    "guess.workflow": "The file does not name its workflow: it is called {name!r}, version 1.",
    "guess.moment": "Where {column!r} is filled, it is the time of: {kind:kind}.",
    "guess.finished": "Cases are finished: the first event of a trace opens its case, the last one closes "
    "it.",
    "guess.opens_first": "A ticket is opened by its first row, whatever that is called.",
    "guess.opens_where_first": "These activities open a ticket where they are its first: {names!r}.",
    "guess.ends_last": "No activity says that a ticket ends, so its last row closes it and finishes its run. "
    "Take these two events out if the file has tickets that are still open.",
    "guess.kind": "These activities mean {kind:kind}: {names!r}.",
    "guess.kinds": "Activity {name!r} also means: {kinds:kind}.",
    "guess.no_kind": "No activity means {kinds:kind}: name one under [activities].",
    "guess.name": "{column!r} by its name",
    "guess.activity": "{column!r} names what was done",
    "guess.transition": "what each event means for the flow, by its lifecycle transition",
    "guess.row_per_ticket": "one row is one ticket, with a time for each event",
    "guess.duration": "{column!r} says how long after its opening a ticket was {kind:kind}, in {unit}.",
    "guess.rated": "{column!r} is a rating, with {top:count} as the best.",
    "guess.rated_at": "{column!r} is a rating, with {top:count} as the best. It has no time of its own: it "
    "stands at {moment!r}.",
    "guess.replies": "These activities are a reply of the {actor}: {names!r}.",
    "guess.replies_of_agents": "Where nothing says who replied, it was an agent. A reply of a customer "
    "must say so.",
    "guess.messages": "A row is a public reply; {column!r} says whose.",
    "guess.partial_steps": "A row is of a run where {column!r} is filled; the others are of the ticket.",
    "guess.start_and_end": "A row is one step, from {start!r} to {end!r}.",
    "guess.no_moment": "No column says when a ticket was: {kinds:kind}.",
    "guess.history": "A row is a change of the field in {field!r}; {value!r} is its new value.",
    "guess.no_author": "Nothing says who wrote a row: the customer or an agent. Look it up in another "
    "table with [lookup]: docs/EVENTS.md#lookups shows how.",
    "guess.lookup": "The table holds no times, so it gives no events by itself. It looks like a lookup: "
    "{column!r} tells its rows apart, and rows of other tables may name it. Name this file under [lookup] in "
    "their mapping: docs/EVENTS.md#lookups shows how.",
    "guess.no_ticket": "No column looks like the id of a ticket, so there is no mapping to start from. "
    "Write one: docs/LOADING.md shows how.",
    "guess.no_times": "No column holds times that could be read, so there is no mapping to start from. "
    "Write one with [time] format: docs/LOADING.md shows how.",
    "guess.all_rejected": "No row would be loaded, so there is no mapping to start from. {rows:row} would be "
    "rejected: {reason}.",
    "guess.no_meaning": "No column says what happened when, so there is no mapping to start from. "
    "Write one: docs/LOADING.md shows how.",
    # A look into a file.
    "look.file": "{file}: {rows:row}, {columns:column}",
    "look.file_begin": "{file}: the first {rows:row}, {columns:column}",
    "look.more_columns": "… and {n:column} more",
    "look.no_mapping_needed": "It has the columns of the event contract: no mapping is needed.",
    "look.mapping": "A mapping to start from. No load uses it unless you write it to a file and name it:",
    "look.mapping_for": "A mapping for {file}, guessed from its names and values. Check each line before you "
    "load.",
    "look.assumed": "Assumed, since the file does not say:",
    "look.events": "It would give {events:event} of {tickets:ticket}, from {first:instant} to "
    "{last:instant}:",
    "look.kind": "{kind:kind} {n:count}",
    "look.first_events": "The first events:",
    "look.no_events": "It would give no events.",
    "look.no_rows": "The file has no rows, so nothing can be guessed.",
    "look.skips": "{n:row} would be skipped: the mapping takes no event from them.",
    "look.rejects_none": "No row would be rejected.",
    "look.rejects": "{n:row} would be rejected: {explanation} ({rule}).",
    "look.row": "as row {row:count}: {content}",
    "look.text": "text",
    "look.number": "number",
    "look.instant": "instant ({zone})",
    "look.local_time": "local time",
    "look.time_of": "time of {kind:kind}",
}
