"""What was asked for and is not there, or does not fit."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    # Metrics and dimensions.
    "metric.title": "{title:term}",
    "metric.unknown": "There is no metric {name!r}. There are: {known}.",
    "metric.none_named": "Name at least one metric, for example {example}. metrics --list lists them all.",
    "metric.of_visits": "{title:term} is counted visit by visit. Ask for the visits behind it.",
    "metric.not_of_tickets": "{title:term} is judged visit by visit. A ticket has none of its own.",
    "metric.parts_unknown": "What moved {metric} is not known, since open tickets have no time yet. Ask for "
    "resolution_minutes.",
    "dimension.unknown": "There is no dimension {name!r}. There are: {known}.",
    "dimension.does_not_fit": "This cannot be split by {name}, only by {known}.",
    "dimension.not_listed": "The values of {name} are not listed. Give the scope a start and an end instead.",
    # Periods and instants.
    "period.open": "A comparison needs a period: give the scope a start and an end (--from, --to).",
    "period.reversed": "The period ends on {end:date} before it starts on {start:date}. Exchange the two "
    "dates.",
    "zone.unknown": "There is no time zone {name!r}. Give an IANA name, for example Europe/Berlin.",
    # Small groups.
    "group.too_small": "What is chosen here, or what it leaves out, is the work of fewer than five agents. "
    "Its numbers would be about a person. Remove a filter, or choose at least seven days.",
    "group.too_few": "What is chosen here, or what it leaves out, is the work of fewer than "
    "{least:count} agents. Its numbers would be about a person. Remove a filter, or choose at least seven "
    "days.",
    "group.small_desk": "This desk has fewer than {least:count} agents. Numbers of a part of it would "
    "be about a person. Remove all filters and choose all data.",
    "group.left_out": "Groups of fewer than {least:count} agents are left out, and so are those that "
    "would tell of them.",
    "group.not_logged": "The use of --small-groups could not be logged in {folder}.",
    # Tickets and runs.
    "ticket.unknown": "There is no ticket {ticket!r} in this data. Give an id as the source has it.",
    "run.unknown": "There is no run {run!r} of a ticket {ticket!r} in this data. Give both ids as the source "
    "has them, or open a run from its ticket.",
    "ticket.of_several": "The ticket {ticket!r} is in several sources. Name one: {candidates}.",
    # The command line.
    "source.refused_name": "--source {name}: the name of a source has letters, digits, '.', '_' and '-', at "
    "most 40 of them, as in brand-a.",
    "option.binary": "Parquet is not for a terminal. Send it to a file: … --format parquet > numbers.parquet",
    "option.empty_path": "A path is empty. Name a file or a folder; the current folder is “.”.",
    "option.where": "--where {condition}: expected DIM=VALUE, as in --where channel=phone.",
    "option.where_near": "--where {name}={value}: no {name} in the data has this value. "
    "Did you mean {near!r}?",
    "option.where_missing": "--where {name}={value}: no {name} in the data has this value.",
    "option.as_of": "--as-of {text}: expected an instant such as 2026-03-02T09:00Z.",
    "option.choice": "{option} {text}: expected one of {known}.",
    "choice.unknown": "There is no {text!r} to show. There are: {known}.",
    "targets.paused": "Paused targets have no due time and are not listed: {paused:count}.",
    "targets.none": "No service-level targets are set. `stepsight settings > stepsight.toml` writes a file "
    "to set them in; `stepsight refresh` applies them.",
    # A file that a reader sends through the dashboard.
    "upload.empty": "{file} is empty. Choose the file that holds your events.",
    "upload.too_large": "{file} has {megabytes:count} MB; {most_megabytes:count} MB may be sent. Load it on "
    "the command line, pack it (.gz, .zst), or cut it by time: pieces load as one.",
    "upload.many_files": "{file} holds {n:file}. Upload them one by one, or load the .zip on the command "
    "line.",
    "upload.failed": "The load ended with an unexpected error, which stands in the log of the dashboard. "
    "What was loaded before is safe; load the file again, or on the command line with: stepsight load FILE",
}
