"""Why a step confuses, in short: where runs go back to, what is answered anew, what is not found, and who."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dashboard.language import N_, _, ngettext, words

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
BEFORE_HELP = {
    "entered": N_("entering the step"),
    "answered": N_("giving an answer"),
    "searched": N_("searching the knowledge base"),
    "input_rejected": N_("a refused input"),
    "went_back": N_("going back"),
    "paused": N_("a pause"),
    "resumed": N_("coming back from a pause"),
    "asked_help": N_("asking for help once before"),
}
LEAST = 3
"""What was seen less often is told as a cause by nobody."""


def causes(rows: Rows) -> list[str]:
    """One sentence per kind of cause that was seen often enough; the first of each kind."""
    kinds: list[tuple[str, Callable[[Mapping[str, Any]], str]]] = [
        ("returns", _returns),
        ("answers", _answers),
        ("help", _help),
        ("searches", _searches),
        ("reason", lambda row: _holder(row, "reason")),
        ("channel", lambda row: _holder(row, "channel")),
    ]
    sentences = [say(rows[kind][0]) for kind, say in kinds if rows.get(kind)]
    return [sentence for sentence in sentences if sentence]


def _returns(row: Mapping[str, Any]) -> str:
    if row["returns"] < LEAST:
        return ""
    return ngettext(
        "{n} visit is left by going back to “{step}” ({share}); {changed} of them then get another answer "
        "there.",
        "{n} visits are left by going back to “{step}” ({share}); {changed} of them then get another answer "
        "there.",
        row["returns"],
        n=words.count(row["returns"]),
        step=words.label(row["title"] or row["back_to"]),
        share=words.share(row["share"]),
        changed=words.count(row["answers_changed"]),
    )


def _answers(row: Mapping[str, Any]) -> str:
    if row["changes"] < LEAST:
        return ""
    return _(
        "The answer changed most often: “{answer}” becomes “{new}” ({n} times, {share} of all changes).",
        answer=words.label(row["answer"]),
        new=words.label(row["new_answer"]),
        n=words.count(row["changes"]),
        share=words.share(row["share"]),
    )


def _help(row: Mapping[str, Any]) -> str:
    if row["requests"] < LEAST:
        return ""
    before = _(BEFORE_HELP.get(row["kind_before"], row["kind_before"]))
    return _(
        "Help is asked most often right after {what} ({n} times, {share} of all requests).",
        what=before,
        n=words.count(row["requests"]),
        share=words.share(row["share"]),
    )


def _searches(row: Mapping[str, Any]) -> str:
    if row["searches"] < LEAST:
        return ""
    return _(
        "Searched most often: “{words}” ({n} times, nothing found in {nothing} of {counted}).",
        words=words.label(row["words"]),
        n=words.count(row["searches"]),
        nothing=words.count(row["without_hits"]),
        counted=words.count(row["counted"]),
    )


def _holder(row: Mapping[str, Any], by: str) -> str:
    if not row["stands_out"] or row["excess"] < LEAST:
        return ""
    values = {
        "name": words.label(row[by]),
        "rate": words.share(row["confusion_rate"]),
        "visits": words.counted(row["visits"], "visit"),
        "share": words.share(row["excess_share"]),
    }
    if by == "reason":
        return _(
            "Contact reason “{name}” has the most extra confused visits: {rate} of {visits}.",
            **values,
        )
    return _("Channel “{name}” has the most extra confused visits: {rate} of {visits}.", **values)
