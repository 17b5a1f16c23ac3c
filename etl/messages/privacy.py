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
    "customer.other_case": "No ticket has the customer {customer!r}, but {others} is one. Upper and lower "
    "case count: give the id as your files have it. Nothing was changed.",
    "customer.of_source": "The id is one of the source {source}.",
    "customer.of_no_source": "The id is one of files without a source.",
    "person.in_warehouse": "{folder} lies in the warehouse. Name a folder outside of it with --out.",
    "person.folder_taken": "{folder} is not empty. Name a new folder with --out.",
}
