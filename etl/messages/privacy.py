"""Erasing and exporting what is kept of one customer."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    "customer.none_named": "No customer is named. Give an id: stepsight {command} --customer ID. Nothing was "
    "changed.",
    "customer.of_several": "The customer {customer!r} is in several sources. Name one: {candidates}.",
    "customer.unknown": "Nothing is kept of a customer {customer!r}, and nothing was changed. Give the id as "
    "your files have it: upper and lower case count.",
    "customer.unknown_there": "Nothing is kept of a customer {customer!r}, and nothing was changed. Give the "
    "id as your files have it: upper and lower case count. Where several sources have ids, give source:id.",
    "customer.erased": "Nothing is kept of a customer {customer!r} any more: an erasure has removed it. Its "
    "receipt is {receipt}. Nothing was changed.",
    "customer.other_case": "No ticket has the customer {customer!r}, but one has it in another case: "
    "{others}. Give the id as your files have it. Nothing was changed.",
    "customer.of_source": "The id is one of the source {source}.",
    "customer.of_no_source": "The id is one of files without a source.",
    "person.in_warehouse": "{folder} lies in the warehouse. Name a folder outside of it with --out.",
    "person.folder_taken": "{folder} is not empty. Name a new folder with --out.",
    # README.txt of an export.
    "person.readme_title": "This folder has all that is kept of the customer {customer}.",
    "person.readme_document": "{file}: all tables below in one document, for programs.",
    "person.readme_events": "{file} ({n:row}): what happened in the customer's tickets, and in tickets that "
    "a run or a merge links with them.",
    "person.readme_ratings": "{file} ({n:row}): the ratings among these events.",
    "person.readme_repeated_rows": "{file} ({n:row}): rows of files that say the same as one of these "
    "events. same_load and same_position say which.",
    "person.readme_rejected_rows": "{file} ({n:row}): rows that were not accepted. Each load of a file has "
    "its own. Of most cells only the shape is kept: 9 is a digit, a and A are letters.",
    "person.readme_loads": "{file} ({n:row}): the files that brought all this, and how many rows of each "
    "table came with which load.",
    "person.readme_mentions": "{file} ({n:row}): where tickets of others have an id of the customer or of "
    "one of the tickets. ids says which.",
    "person.readme_notes": "{file} ({n:row}): saved views and annotations that have such an id.",
    "person.readme_pseudonyms": "{file} ({n:row}): what is kept in place of the customer's id.",
    "person.readme_columns": "load_id is the number of a load. position is the place of the row in its file.",
    "person.readme_names": "Names such as c-1a2b… are pseudonyms: c- of a customer, a- of an agent, t- of a "
    "text. Nobody can turn them back without the key.",
    "person.readme_instants": "All instants are in UTC, written as in 2026-03-02T09:00:00Z (ISO 8601).",
    "person.readme_empty": "A file without rows says that nothing of the kind is kept.",
}
