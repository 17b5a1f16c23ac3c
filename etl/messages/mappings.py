"""Mappings, settings and workflow definitions that contradict themselves or the contract."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    "mapping.not_readable": "The mapping {path} cannot be read: {reason}.",
    "mapping.not_toml": "The mapping {path} is not TOML: {reason}.",
    "mapping.wrong": "The mapping {path}, at {place}: {problem}.",
    "mapping.answers": "{place}: {problem}.",
    "mapping.unknown_column": "{column!r} is no column of the contract; it has {columns}",
    "mapping.unknown_zone": "{zone!r} is no IANA time zone; expected a name such as Europe/Berlin or UTC",
    "mapping.wrong_delimiter": "{delimiter!r} cannot separate fields; "
    "expected one ASCII character such as ; or |",
    "mapping.is_there_already": "There is a file {path} already. Name another one, or take it away first.",
    "mapping.not_writable": "The mapping cannot be written to {path}: {reason}.",
    "toml.wrong": "line {line:count}, column {column:count} cannot be read",
    "toml.unfinished": "it ends too early",
    "toml.not_utf8": "it is no text in UTF-8",
    # Settings.
    "settings.not_there": "There is no settings file {path}. "
    "Name another with --settings, or make one: stepsight settings > {name}.",
    "settings.not_readable": "The settings file {path} cannot be read: {reason}. "
    "Mend its permissions, or name another with --settings.",
    "settings.not_toml": "The settings file {path} is not TOML: {reason}. "
    "`stepsight settings` prints one to start from.",
    "settings.environment": "The environment's settings cannot be read: {variables} must hold JSON. "
    "Unset or mend it.",
    "settings.unknown": "{where}, at {place}: there is no such setting. "
    "`stepsight settings` prints all of them.",
    "settings.misspelt": "{where}, at {place}: there is no such setting. Did you mean {near}? "
    "`stepsight settings` prints all of them.",
    "settings.wrong": "{where}, at {place}: {problem}. "
    "`stepsight settings` prints every field with its meaning.",
    "settings.wrong_value": "{where}, at {place}: {problem} (it is {value!r}). "
    "`stepsight settings` prints every field with its meaning.",
    "settings.in_file": "The settings file {path}",
    "settings.in_variable": "The environment variable {variable}",
    "settings.number": "number {n:count}",
    # Workflow definitions.
    "definition.not_readable": "The definitions {path} cannot be read: {reason}.",
    "definition.wrong": "The definitions {path}, at {place}: {problem}. "
    "Write a JSON list of objects with workflow, version, title and steps.",
    "definition.top": "the top",
    "definition.twice": "{path}: workflow {workflow!r} version {version!r} is defined more than once. "
    "Keep one of them.",
    "definition.step_twice": "{path}, workflow {workflow!r} version {version!r}: "
    "step {step!r} is defined more than once. Keep one of them.",
    "definition.unknown_next": "{path}, workflow {workflow!r} version {version!r}: "
    "step {step!r} leads to {next!r}, which is no step of it. Its steps are {steps}.",
    "definition.unreachable": "{path}, workflow {workflow!r} version {version!r}: "
    "no path from its first step {first!r} reaches {steps}. "
    "Add the move that leads there, or remove the step.",
}
