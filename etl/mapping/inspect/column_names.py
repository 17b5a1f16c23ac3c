"""How people name the ids, people, groups and states of tickets and events; words as in `names`."""

from __future__ import annotations

import re

from etl.contract.kinds import Kind
from etl.mapping.inspect.names import CASE, names

TICKET = names(
    "case concept name, ticket id, ticket number, ticket no, ticket nr, ticket key, case id, case number, "
    "case no, incident id, incident number, issue key, issue id, conversation id, request id, request "
    "number, call id, chat id, ticket, case, incident, issue, conversation, ticketnummer, ticket nummer, "
    "vorgangsnummer, vorgang, fallnummer, fall, anfragenummer, numero de ticket, numero du ticket, id "
    "ticket, id de ticket, id du ticket, n ticket, no ticket, caso, folio, id caso, numero de caso, "
    "display id, documentkey, document key, parent id, record id, number, key, id, nummer, numero"
)
"""Names of a ticket's id, the surest first."""

OF_TICKET = frozenset(names("ticket id, case id, conversation id, request id, incident id, issue id"))
ROWS_OWN = frozenset(names("id, key, uuid"))
"""Names of a row's own id; beside one of a ticket the row is of something else."""

ROW_IDS = names(
    "event id, event uuid, event key, log id, activity id, message id, comment id, entry id, history id, "
    "audit id, change id, sys id, uuid, id"
)

_WHO = (
    r"(?: (?:id|account id|value|name|full name|email|mail|email address|username|login"
    r"|display (?:name|value)))?"
)


def _one_of(cores: str, suffix: str = "") -> re.Pattern[str]:
    return re.compile(rf"^{CASE}(?:{cores}){suffix}$")


# What else a column may be, the surer names first.
ATTRIBUTES: dict[str, tuple[re.Pattern[str], ...]] = {
    "agent_id": (
        _one_of("(?:assignee|agent|assigned agent|admin assignee|owner|responder|technician) id"),
        _one_of("assignee|agent|assigned agent|assigned to|admin assignee|teammate assigned|responder", _WHO),
        _one_of("org resource|resource|owner|technician|operator|handled by|server|teammate", _WHO),
        _one_of("bearbeiter|sachbearbeiter|zustandig|zugewiesen an|technicien|responsable|conseiller"),
        _one_of("assigne a|asignado a|agente|resolved by|solved by"),
    ),
    "team": (
        _one_of("org group|assignment group|assigned group|assigned team|support (?:group|team|section)"),
        _one_of("group|team|queue|team assignee|team assigned|agent group|department|workgroup", _WHO),
        _one_of("gruppe|abteilung|warteschlange|groupe|equipe|grupo|equipo|departamento|cola"),
    ),
    "customer_id": (
        _one_of("(?:requester|customer|contact|caller|client|reporter|end user) id"),
        _one_of("requester|customer|caller|client|reporter|requested by|requested for", _WHO),
        _one_of("contact|end user|user|submitter|melder|kunde|kundennummer", _WHO),
        _one_of("anfragender|anforderer|demandeur|cliente|solicitante|id client|id cliente"),
        _one_of("email|full name|source author id"),
    ),
    "channel": (
        _one_of("channel|via channel|(?:contact|intake) (?:type|channel|method)|channel name|source channel"),
        _one_of("medium|via|source|source type|origin|request source|created via"),
        _one_of("kanal|eingangskanal|canal|canal de entrada|origen|origine|quelle"),
    ),
    "reason": (
        _one_of("contact reason|reason for contact|contact driver|reason|category|topic|contact category"),
        _one_of("issue ?type(?: name)?|(?:request|ticket|incident) type|type|product|subcategory"),
        _one_of("kategorie|thema|anliegen|grund|kontaktgrund|typ|categorie|motif|type de demande"),
        _one_of("categoria|motivo|motivo de contacto|tipo"),
    ),
    "priority": (
        _one_of("priority|priority name|prioritat|priorite|prioridad"),
        _one_of("urgency|severity|seriousness|dringlichkeit|urgence|urgencia"),
    ),
    "run_id": (_one_of("run id|workflow run|workflow run id|session id|run"),),
    "workflow": (_one_of("workflow|workflow name|process name|process"),),
    "version": (_one_of("workflow version|process version"),),
    "step": (_one_of("step id|step name|step|schritt|etape|paso"),),
    "seq": (_one_of("seq|sequence|sequence number|mod count|event number|event index"),),
}

RATINGS = (
    re.compile(
        rf"^{CASE}(?:satisfaction(?: rating| score| results?)*|csat(?: rating| score| result)?"
        r"|rating(?: score| rating)?|survey (?:results?|rating|score|response)"
        r"|customer (?:satisfaction|rating)|feedback (?:score|rating)|conversation rating"
        r"|bewertung|zufriedenheit|kundenzufriedenheit|calificacion|satisfaccion|valoracion"
        r"|note de satisfaction)(?: score| rating)?$"
    ),
    re.compile(r"^(?:score|note|stars|smiley|puntuacion|sterne)$"),
)
SCALES = frozenset(names("scale max, rating scale, scale, max score, rating max"))

DONE_BY = {
    Kind.SOLVED: _one_of("resolved by|solved by|fixed by", _WHO),
    Kind.CLOSED: _one_of("closed by", _WHO),
}
"""Who did it, where a table says so for one moment alone."""

ACTIVITIES = names(
    "concept name, activity, activity name, activity type, incident activity type, event type, event "
    "name, action, action name, event, aktivitat, aktion, activite, actividad, accion"
)
STATES = names(
    "incident state, status, state, ticket status, case status, issue status, new status, to status, "
    "status name, to, new value, statut, etat, estado, zustand, type, task"
)
"""What names a state: of the row's event in a log, of the whole ticket in a table of tickets."""

ROLES = re.compile(
    r"^(?:(?:message|comment|part|event) )?(?:author|sender|user|actor|from|absender)(?: type| role)?$"
    r"|^(?:role|direction|sent by|written by)$"
)
PRIVATE = re.compile(r"^(?:private|is private|internal|is internal|internal note|note)$")
PUBLIC = re.compile(r"^(?:public|is public)$")

TRANSITIONS = frozenset(names("lifecycle transition, lifecycle, transition, event lifecycle"))

NULLS = names(r"?, -, --, NULL, null, N/A, n/a, #N/A, NaN, nan, None, (null), NaT, \N")
"""Texts that usually mean: not known."""
