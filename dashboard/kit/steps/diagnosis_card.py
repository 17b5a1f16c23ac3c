"""One step's verdict on a card: what to mend, why, at what cost, from what causes, and the ways on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.filters import links, record_filters
from dashboard.kit.render import LONGEST
from dashboard.kit.steps import cause_words, step_evidence
from dashboard.language import _, words
from dashboard.queries import diagnoses, warehouse
from metrics.query.scope import Scope

ICONS = {
    "process": ":material/edit_note:",
    "training": ":material/school:",
    "coaching": ":material/group:",
    "unclear": ":material/help:",
}
CALM = ":material/check_circle:"


def diagnosis_card(snapshot: str | None, scope: Scope, step: Mapping[str, Any], name: str) -> None:
    """`step`: one row of `hotspots`; `name`: what links call it."""
    settings = warehouse.settings()
    icon = ICONS.get(step["verdict"], CALM)
    here = record_filters.only(scope, {key: step[key] for key in ("workflow", "version", "step")})
    causes = cause_words.causes(diagnoses.causes_of(snapshot, here))
    cost = step_evidence.cost(step, settings.hourly_cost, settings.currency)
    with st.container(border=True):
        st.markdown(f"**{icon} {words.escaped(step_evidence.title(step), 120)}**")
        st.markdown(words.escaped(step_evidence.meaning(step), LONGEST))
        _list(_("Why"), step_evidence.evidence(step))
        _list(_("What happens there"), causes)
        if cost:
            st.markdown(words.escaped(cost, LONGEST))
        with st.container(horizontal=True):
            links.to_visits(step, name)


def _list(title: str, sentences: list[str]) -> None:
    if sentences:
        lines = "\n".join(f"- {words.escaped(sentence, LONGEST)}" for sentence in sentences)
        st.markdown(f"**{words.escaped(title)}**\n\n{lines}")
