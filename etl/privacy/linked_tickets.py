"""Tickets that are about one another: what is said in a merged ticket counts in the one it was merged into.

So both are forgotten together, and old ones stay until the newest of them is old. A merge that was taken
back since links them, too.
"""

from __future__ import annotations

_LINKS = """
WITH RECURSIVE history AS (
    SELECT ticket_id, occurred_at, kind, customer_id, value FROM read_parquet($files)
),
merges AS (
    SELECT DISTINCT ticket_id, value AS other_id FROM history WHERE kind = 'merged' AND value IS NOT NULL
),
links AS (SELECT ticket_id, other_id FROM merges UNION SELECT other_id, ticket_id FROM merges),
"""
_LINKED = """
linked AS (
    FROM seeds
    UNION
    SELECT links.other_id FROM linked JOIN links USING (ticket_id)
)
"""
OF_CUSTOMER = "\n".join(
    (
        _LINKS,
        "seeds AS (SELECT DISTINCT ticket_id FROM history WHERE customer_id = $customer),",
        _LINKED,
        "SELECT DISTINCT ticket_id FROM history SEMI JOIN linked USING (ticket_id)",
    )
)
"""The tickets of `$customer` and all that are linked with them, from the rows in `$files`."""
OLDER_THAN = "\n".join(
    (
        _LINKS,
        "seeds AS (SELECT ticket_id FROM history GROUP BY ticket_id HAVING max(occurred_at) >= $first),",
        _LINKED,
        "SELECT DISTINCT ticket_id FROM history ANTI JOIN linked USING (ticket_id)",
    )
)
"""The tickets of which neither they nor any linked with them has an event since `$first`."""
