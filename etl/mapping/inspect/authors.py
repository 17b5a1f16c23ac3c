"""Who wrote a row, and which rows are messages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from etl.contract.kinds import Actor
from etl.mapping.inspect.column_names import ROLES
from etl.mapping.inspect.names import names, words
from etl.mapping.inspect.profile import Profile

_ROLES = {
    Actor.AGENT: names(
        "agent, admin, staff, support, operator, teammate, employee, technician, outbound, out, outgoing"
    ),
    Actor.CUSTOMER: names(
        "customer, user, end user, requester, client, contact, lead, visitor, guest, inbound, in, incoming"
    ),
    Actor.BOT: names("bot, ai, assistant, virtual agent, chatbot"),
    Actor.SYSTEM: names("system, automation, trigger"),
}
_BY_CUSTOMER = re.compile(r"^(?:is )?(?:incoming|inbound|(?:from|by) (?:customer|requester|user))$")
MESSAGE = re.compile(r"\b(?:comment|message|reply|email|mail|chat|text|sms|public)\b")
_NOTE = re.compile(r"\b(?:note|internal|private)\b")
TRUE = {"true", "yes", "1", "t", "y"}


def actor_words(texts: list[str]) -> dict[str, str]:
    """The words of a column for who did something, and ours."""
    return {
        text: actor.value
        for text in texts
        for actor, role_words in _ROLES.items()
        if words(text) in role_words
    }


@dataclass(frozen=True)
class Sides:
    """The column that says whose messages are, and for each actor the texts that mean it."""

    column: str
    texts: dict[str, list[str]]


def is_message(text: str) -> bool:
    """Whether an activity of this name is a message between the two sides, and no note of one."""
    return bool(MESSAGE.search(words(text))) and not _NOTE.search(words(text))


def sides_of(profile: Profile) -> Sides | None:
    """The column that says whose rows are, if all its texts do."""
    for name, text in profile.names.items():
        if not ROLES.match(text) and not _BY_CUSTOMER.match(text):
            continue
        texts = profile.texts(name)
        if ROLES.match(text) and texts and len(actor_words(texts)) == len(texts):
            by_actor: dict[str, list[str]] = {}
            for written, actor in actor_words(texts).items():
                by_actor.setdefault(actor, []).append(written)
            return Sides(name, by_actor)
        if _BY_CUSTOMER.match(text) and texts and len(texts) <= len(("true", "false")):
            yes = [each for each in texts if each.lower() in TRUE]
            sides = {"customer": yes, "agent": [each for each in texts if each not in yes]}
            return Sides(name, {actor: each for actor, each in sides.items() if each})
    return None
