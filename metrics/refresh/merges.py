"""Tickets that are merged are brought up to date together: what is said in one counts in the other."""

from __future__ import annotations

from collections.abc import Iterable

_REMEMBER = "CREATE OR REPLACE TEMPORARY TABLE former_merges AS FROM merges"
_MARK_LINKED = """
WITH RECURSIVE links AS (
    SELECT ticket_id, into_ticket_id FROM merges UNION SELECT ticket_id, into_ticket_id FROM former_merges
),
both_ways AS (
    SELECT ticket_id, into_ticket_id AS other_id FROM links UNION SELECT into_ticket_id, ticket_id FROM links
),
linked AS (
    SELECT ticket_id FROM both_ways SEMI JOIN stale_tickets USING (ticket_id)
    UNION
    SELECT b.other_id FROM linked AS l JOIN both_ways AS b ON b.ticket_id = l.ticket_id
)
INSERT INTO stale_tickets SELECT ticket_id FROM linked ANTI JOIN stale_tickets USING (ticket_id)
"""
_FORGET = "DROP TABLE former_merges"


def with_linked_stale(replace_links: Iterable[str]) -> tuple[str, ...]:
    """The statements that make links of stale tickets anew, and those after which linked ones are stale, too.

    Links as they were count as well: a ticket that another is no longer merged into loses its messages.
    """
    return (_REMEMBER, *replace_links, _MARK_LINKED, _FORGET)
