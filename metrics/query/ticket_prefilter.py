"""The tickets that a scope's choice of steps and days can be about: the rest need not be looked at."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from metrics.catalog.dimensions import VISITS
from metrics.facts.relations import DIALECT
from metrics.query.scope import Over, Scope, conditions

_OF_VISITS = ("workflow", "version", "step", "team")


def visiting(scope: Scope, *signs: str) -> exp.Select | None:
    """Tickets with a visit in the scope, and with one of these signs; None where that would be most of them.

    Signs are conditions on visits. More than the scope's tickets, never fewer: it knows nothing of channels,
    reasons and exclusions. A period alone narrows too; a cohort's days are those of the tickets, not of the
    visits.
    """
    where = tuple((name, values) for name, values in scope.where if name in _OF_VISITS)
    days = {"start": None, "end": None} if scope.cohort else {}
    narrowed = scope.model_copy(update={"where": where, "cohort": False, **days})
    met = conditions(narrowed, Over(VISITS, "entered_at"))
    if not (met or signs):
        return None
    sign_conditions = (
        [exp.or_(*(sqlglot.parse_one(sign, dialect=DIALECT) for sign in signs))] if signs else []
    )
    return exp.select("ticket_id").from_(exp.table_("visits", db="main")).where(*met, *sign_conditions)
