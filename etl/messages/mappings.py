"""Mappings, settings and workflow definitions that contradict themselves or the contract."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    "settings.newer_than_numbers": "The settings have changed since these numbers were made. `stepsight "
    "refresh` applies them.",
    # Values of settings: parts of a sentence that names the place.
    "settings.unknown_zone": "{name!r} is not an IANA time zone; expected a name such as Europe/Berlin",
    "settings.no_hours": "{text!r} are not hours; expected days and times, as in 'Mon-Fri 09:00-17:00'",
    "settings.hours_too_late": "{text!r} has a time after 24:00; expected times from 00:00 to 24:00",
    "settings.hours_empty": "{text!r} ends when it starts; for the whole day write 00:00-24:00",
    "settings.unknown_day": "{name!r} is not a day of the week; expected {known}, or two as in Mon-Fri",
    "settings.unknown_country": "{region!r} is not a country; expected its two letters, as in DE, or with a "
    "part: DE-BY",
    "settings.unknown_part": "{country} has no part {part!r} with holidays of its own; known are: {known}",
    "settings.unknown_region": "{region!r} is no country with a telephone numbering plan; expected its two "
    "letters, as in DE",
    "settings.no_parts": "{country} has no parts with holidays of their own; expected {country} alone",
    "settings.schedules_overlap": "{one!r} and {other!r} are both for {tickets}; keep one of them",
    "settings.schedule_dates": "of the versions of {name!r} one (the first) must have no valid_from, and "
    "each other its own",
    "settings.schedule_tickets": "the versions of {name!r} must be for the same channels and teams",
    "settings.schedules_gap": "no schedule covers the other tickets; add one without channels and teams",
    "settings.target_empty": "the target promises nothing; give first_response_minutes, resolution_minutes "
    "or both",
    "settings.targets_overlap": "two targets set {field} for {tickets}; keep one of them",
    "settings.dimension_name": "{name!r} cannot name a dimension; expected small letters, digits and '_', as "
    "in customer_plan",
    "settings.dimension_built_in": "there is a dimension {name!r} already; choose another name",
    "settings.dimension_reserved": "{name!r} means something else in tables of numbers; choose another name",
    "settings.dimension_column": "{name} = {column!r} names no custom column; expected one such as "
    "custom_plan, which a mapping fills",
    "tickets.all": "all tickets",
    "tickets.of": "tickets with {parts}",
    "tickets.part": "{dimension:term} {value}",
    "mapping.not_readable": "The mapping {path} cannot be read: {reason}.",
    "mapping.not_toml": "The mapping {path} is not TOML: {reason}.",
    "mapping.wrong": "The mapping {path}, {mistake}.",
    "mapping.several_wrong": "The mapping {path} has several mistakes: {mistakes:parts}.",
    "mapping.mistake": "at {place}: {problem}",
    "mapping.mistake_in_line": "line {line:count}, at {place}: {problem}",
    "mapping.more_mistakes": "and {n:count} more",
    "mapping.unknown_key": "there is no such key; expected one of {keys!r}",
    "mapping.no_column_value": "expected the name of a column, or a table with from = and how it is read",
    "mapping.no_list_of_kinds": '{text!r} is no list of kinds; expected one such as ["entered", "solved"], '
    'or "nothing"',
    "mapping.no_choice": "{value!r} is none of {choices!r}",
    "mapping.no_number": '{value!r} is no number; expected one such as "5"',
    "mapping.only_of_instants": "{column} is no time; two columns, zone, format, plus and minus are for "
    "occurred_at and recorded_at alone",
    "mapping.plus_and_minus": "expected plus or minus, not both",
    "mapping.no_unit": "a duration needs its unit; expected one of {units!r}",
    "mapping.unit_alone": "unit needs a duration; expected plus or minus with a column of durations",
    "mapping.kind_twice": "this event is {kind!r} already; leave the column of kinds out",
    "mapping.column_and_constant": "{column} is a column of this event, too; keep one of them",
    "mapping.event_needs": "an event with columns of its own needs {columns!r} among them",
    "mapping.answers": "{place}: {problem}.",
    "mapping.unknown_column": "{column!r} is not a column of the contract; it has {columns}, and names of "
    "your own such as custom_plan",
    "source.wrong_name": "{name!r} cannot name a source; expected letters, digits, '.', '_' and '-', at most "
    "40, as in brand-a",
    "mapping.unknown_zone": "{zone!r} is not an IANA time zone; expected a name such as Europe/Berlin or UTC",
    "mapping.wrong_delimiter": "{delimiter!r} cannot separate fields; expected one ASCII character such as ; "
    "or |",
    "mapping.wrong_format": "{format!r} is not a form of a date and time; expected one such as "
    '"%d.%m.%Y %H:%M", or "epoch", "epoch_ms", "epoch_us"',
    "mapping.no_lookup": "{lookup!r} is not a lookup of this mapping; it has {lookups}",
    "mapping.table_in_table": "a table cannot have tables of its own",
    "mapping.zone_unused": "{file}: its times state their own offset, so zone = {zone!r} changes nothing.",
    "mapping.columns_unused": "{file}: no event takes {keys} of the mapping. Write what you need under an "
    "[[event]], and leave out the rest.",
    "mapping.names_unmatched": "{file}: no row has {keys} of the mapping. Check how it is written.",
    "mapping.look_alike": "{file}: {text!r} in the rows only looks like {key} of the mapping; upper and "
    "lower case count.",
    "mapping.is_there_already": "There is a file {path} already. Name another one, or take it away first.",
    "mapping.not_writable": "The mapping cannot be written to {path}: {reason}.",
    "toml.wrong": "line {line:count}, column {column:count} cannot be read",
    "toml.unfinished": "it ends too early",
    "toml.not_utf8": "it is not a text in UTF-8",
    # Settings.
    "settings.not_there": "There is no settings file {path}. Name another with --settings, or make one: "
    "stepsight settings > {name}.",
    "settings.not_readable": "The settings file {path} cannot be read: {reason}. Mend its permissions, or "
    "name another with --settings.",
    "settings.not_toml": "The settings file {path} is not TOML: {reason}. `stepsight settings` prints one to "
    "start from.",
    "settings.environment": "The environment variable {variable} cannot be read: it must hold JSON. Unset or "
    "mend it.",
    "settings.unknown": "{where}, at {place}: there is no such setting. `stepsight settings` prints all of "
    "them.",
    "settings.misspelt": "{where}, at {place}: there is no such setting. Did you mean {near}? `stepsight "
    "settings` prints all of them.",
    "settings.misplaced": "{where}, at {place}: there is no such setting. Did you mean {near} in [{table}]? "
    "`stepsight settings` prints all of them.",
    "settings.misplaced_in_table": "{where}, at {place}: there is no such setting. Did you mean {near}, "
    "before any [table]? `stepsight settings` prints all of them.",
    "settings.wrong": "{where}, at {place}: {problem}. `stepsight settings` prints every field with its "
    "meaning.",
    "settings.wrong_value": "{where}, at {place}: {problem} (it is {value!r}). `stepsight settings` prints "
    "every field with its meaning.",
    "settings.in_file": "The settings file {path}",
    "settings.in_variable": "The environment variable {variable}",
    "settings.number": "number {n:count}",
    "settings.unmatched_names": "No event in the warehouse has {names:parts}.",
    "settings.unmatched": "{column} {name!r} ({place})",
    "settings.unmatched_near": "{column} {name!r} ({place}; the data has {near!r})",
    # Workflow definitions.
    "definition.not_readable": "The definitions {path} cannot be read: {reason}.",
    "definition.wrong": "The definitions {path}, at {place}: {problem}. Write a JSON list of objects with "
    "workflow, version, title and steps.",
    "definition.none": "{path} holds no definition. Write a JSON list of objects with workflow, version, "
    "title and steps.",
    "definition.top": "the top",
    "definition.twice": "{path}: workflow {workflow!r} version {version!r} is defined more than once. Keep "
    "one of them.",
    "definition.step_twice": "{path}, workflow {workflow!r} version {version!r}: step {step!r} is defined "
    "more than once. Keep one of them.",
    "definition.unknown_next": "{path}, workflow {workflow!r} version {version!r}: step {step!r} leads to "
    "{next!r}, which is not a step of it. Its steps are {steps}.",
    "definition.unreachable": "{path}, workflow {workflow!r} version {version!r}: no path from its first "
    "step {first!r} reaches {steps}. Add the move that leads there, or remove the step.",
}
