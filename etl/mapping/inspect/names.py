"""How people name the times of tickets and events: what a guess goes by beside the values.

Names are compared as words: lower case, without accents, `caseConcept:Name` as `case concept name`. English
first; German, French and Spanish where helpdesks write them.
"""

from __future__ import annotations

import re
import unicodedata

from etl.contract.kinds import Kind

CASE = (
    r"(?:(?:case|tickets?|issue|incident|conversation|request|call|chat|sys|u|fields|stats|statistics"
    r"|metric set|custom field|chart) )*"
)
"""What may stand before a name and says only that it is of a ticket, or where in a document it stood."""

_TIME = (
    r"(?: (?:at|on|times?|dates?|datetime|timestamp|ts|utc|gmt|stamp|am|um|le|el|zeit|zeitpunkt|datum|uhrzeit"
    r"|heure|hora))*"
)
_BEFORE = (
    r"(?:(?:date|time|timestamp|datum|zeitpunkt|heure|fecha|hora)(?: (?:of|de|del|d|der|du|la|the|et|y))* )*"
)


def words(name: str) -> str:
    """`caseConcept:Name` as `case concept name`, `Geöffnet am` as `geoffnet am`."""
    plain = unicodedata.normalize("NFKD", name).replace("ß", "ss")
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", plain)
    return " ".join(re.findall(r"[a-z0-9]+", apart.lower()))


def names(text: str) -> tuple[str, ...]:
    """The names of a list that commas part."""
    return tuple(name.strip() for name in text.split(","))


def _moment(cores: str) -> re.Pattern[str]:
    return re.compile(rf"^{CASE}{_BEFORE}{CASE}(?:{cores}){_TIME}$")


_AGENT = r"(?:(?:agent|agents|admin|public|human|teammate|operator|staff|support) )?"

_SERVICE = "(?:ser|serv|service|agent|talk)"  # of a call: when somebody spoke to the caller

# What a time of a whole ticket tells, the surer names first.
MOMENTS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.OPENED,
        _moment(
            "open|opened|opening|geoffnet|eroffnet|eroffnung|eroffnungsdatum|ouverte?|ouverture"
            "|abiert[oa]|apertura"
        ),
    ),
    (
        Kind.OPENED,
        _moment(
            "create|created|creation|submitted|submission|reported|raised|logged|received|receipt|registered"
            "|registration|erstellt|erstellung|erstellungsdatum|erstelldatum|angelegt|anlagedatum|eingang"
            "|eingegangen|eingangsdatum|gemeldet|meldedatum|erfasst|creee?|soumis|recu|reception|depot|signale"
            "|cread[oa]|creacion|recibid[oa]|recepcion|registrad[oa]"
        ),
    ),
    (Kind.OPENED, _moment("requested|started|start|startdate|begin")),
    (
        Kind.REPLIED,
        _moment(
            rf"(?:first|initial) {_AGENT}(?:reply|replied|response|responded|answer|answered)(?: sent)?"
            rf"|{_SERVICE} (?:start|started|begin|began|entry)"
            "|responded|answered|replied|erste antwort|erstantwort|erste reaktion|erstreaktion|beantwortet"
            "|premiere reponse|repondu|primera respuesta|respondido"
        ),
    ),
    (Kind.ASSIGNED, _moment("(?:initially |first )?assigned|first assignment|zugewiesen|assigne|asignado")),
    (Kind.ASSIGNED, _moment("last assigned|last assignment")),
    (Kind.ESCALATED, _moment("escalated|escalation|eskaliert|eskalation|escalade|escalado")),
    (Kind.REOPENED, _moment("re ?open|re ?opened|wiedereroffnet|rouvert|reabierto")),
    (
        Kind.SOLVED,
        _moment(
            r"(?:(?:first|last|initially|fully|full) )?(?:solved?|resolved?|resolution)|resolutiondate|fixed"
            "|completed|completion|finished|fulfilled|done|gelost|losung|losungsdatum|erledigt|behoben"
            "|resolue?|traite|resuelt[oa]|resolucion|solucionado|solucion"
        ),
    ),
    (
        Kind.CLOSED,
        _moment(
            r"(?:(?:first|last|finally) )?(?:closed?|closing|closure)|geschlossen|schliessung|schliessdatum"
            "|abgeschlossen|abschluss|abschlussdatum|fermee?|fermeture|cloture|cloturee|clos"
            "|cerrad[oa]|cierre"
        ),
    ),
    (Kind.CLOSED, _moment(rf"ended|end|{_SERVICE} (?:exit|end|ended|finish|finished)")),
    (
        Kind.CONTACT_ABANDONED,
        _moment("contact abandoned|call abandoned|chat abandoned|hung up|left queue|abandoned in queue"),
    ),
    (Kind.DISCARDED, _moment("deleted|discarded|geloscht|supprime|eliminado")),
    (Kind.SURVEY_OFFERED, _moment("(?:survey|csat|satisfaction survey) (?:sent|offered|requested)")),
    (
        Kind.RATED,
        _moment(
            r"rated|(?:survey|csat|rating|feedback|satisfaction(?: rating| survey)?)"
            r"(?: (?:created|updated|completed|answered|responded|received|submitted|given|rated))?"
            "|bewertet|evaluado"
        ),
    ),
)

RECORDED = re.compile(
    rf"^{CASE}{_BEFORE}(?:(?:last|latest|zuletzt|letzte|derniere|ultima) )?"
    r"(?:updated?|modified|modification|changed?|edited|geandert|anderung|anderungsdatum|aktualisiert"
    r"|aktualisierung|mis a jour|mise a jour|modifie|actualizado|actualizacion|modificado|modificacion)"
    rf"{_TIME}$"
)
"""When a row was last changed."""

OCCURRED = names(
    "time timestamp, occurred at, complete timestamp, completed timestamp, end timestamp, event timestamp, "
    "event time, event date, activity time, timestamp, date time, datetime, occurred, occurred on, "
    "happened at, logged at, performed at, done at, when, sent at, posted at, added at, created at, "
    "created on, created, created time, created date, sys created on, sys updated at, sys updated on, "
    "updated at, changed at, changed on, changed, updated, data stamp, zeitstempel, zeitpunkt, horodatage, "
    "marca de tiempo, fecha hora, date heure, at, time, date, stamp, ts, datum, fecha, zeit, start timestamp"
)
"""When the event of a row of a log happened, the surer names first."""

OF_ROW = re.compile(
    r"^(?:message|comment|part|conversation part|event|activity|entry|change|history|log|note|reply) "
)
"""What may stand before the name of the time of a row."""

_EVENT = r"^(?:event |activity |task |step )?"
STARTS = re.compile(rf"{_EVENT}(?:start|started|begin|beginn|debut|inicio){_TIME}$")
ENDS = re.compile(rf"{_EVENT}(?:end|ended|completed?|finish|finished|time timestamp|ende|fin){_TIME}$")

_NUMBERED_TIME = re.compile(
    r"(^|\b)(at|on|time|timestamp|ts|date|datetime|when|epoch|created|updated|datum|zeit|fecha)$"
)


def moment_of(text: str) -> tuple[int, Kind] | None:
    """What a time of this name tells of a ticket, and how far down the list its name stands."""
    for place, (kind, pattern) in enumerate(MOMENTS):
        if pattern.match(text):
            return place, kind
    return None


def is_time_name(name: str) -> bool:
    """Whether a column of numbers may be one of times: by its last word, or as one of a ticket's moments."""
    text = words(name)
    return bool(_NUMBERED_TIME.search(text) or RECORDED.match(text) or moment_of(text))
