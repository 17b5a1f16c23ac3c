"""Warning signs, for trainers: five signs of a process problem, each with its measure now and before."""

import streamlit as st

from dashboard import data_warnings, drawing, page
from dashboard.language import _
from dashboard.parts import warning_cards
from dashboard.sentences import warning_words
from dashboard.tables.warnings import warning_table

snapshot, scope = page.begin(_("Warning signs"), _("Is the process itself in trouble?"))
signs = data_warnings.signs(snapshot, scope)
if not signs["n"].sum():
    drawing.nothing_here(
        _("Nothing that agents did is recorded in this selection"),
        _(
            "Warning signs are read from what agents do: their events with an agent, and the steps of "
            "workflow runs. Remove a filter or choose a longer period in the sidebar, or load a file that "
            "has them with: stepsight load FILE"
        ),
    )
    st.stop()

drawing.say(warning_words.opening(signs.to_dicts()))
warning_cards.cards(signs)
st.header(_("Behind a sign"), anchor=False)
warning_cards.closer_look(snapshot, scope)
drawing.folded_table(warning_table(signs, data_warnings.limits()))
