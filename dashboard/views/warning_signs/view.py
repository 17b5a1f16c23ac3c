"""Warning signs, for trainers: five signs of a process problem, each with its measure now and before."""

import streamlit as st

from dashboard.kit import page, render
from dashboard.kit.steps import step_evidence
from dashboard.language import _
from dashboard.queries import warehouse
from dashboard.views.warning_signs import cards, queries
from dashboard.views.warning_signs.tables import warning_table

snapshot, scope = page.begin(_("Warning signs"), _("Is the process itself in trouble?"))
signs = queries.signs(snapshot, scope)
render.say(*step_evidence.logs_of_states(warehouse.ranked_steps(snapshot, scope)))
if not queries.is_anything_recorded(signs):
    render.nothing_here(
        _("Nothing that agents did is recorded in this selection"),
        _(
            "Warning signs need what agents do: events that name an agent, and the steps of "
            "workflow runs. Remove a filter or choose a longer period in the sidebar. Or load a "
            "file that has them: stepsight load FILE"
        ),
    )
    page.end()

cards.cards(signs)
st.header(_("Behind a sign"), anchor=False)
cards.closer_look(snapshot, scope)
render.folded_table(warning_table(signs, queries.limits()))
