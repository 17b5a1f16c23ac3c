"""Step, for process designers: all about one step of one workflow version, down to its runs."""

from dashboard.filters import record_filters, widgets
from dashboard.filters.step_links import to_map
from dashboard.filters.step_names import hotspots_first, named_steps
from dashboard.kit import page, render
from dashboard.kit.steps import diagnosis_card, step_evidence
from dashboard.kit.tables.time_table import time_table
from dashboard.language import _
from dashboard.queries import step_numbers, warehouse
from dashboard.views.step import sections, text

snapshot, scope = page.begin(_("Step"), _("What goes wrong at one step, for whom, and why?"))
steps = warehouse.ranked_steps(snapshot, scope)
if steps.is_empty():
    render.nothing_here(
        _("No step was visited in this selection"),
        _(
            "This page needs the step events of workflow runs (run_started, entered and so on). "
            "Remove a filter or choose a longer period in the sidebar. Or load a file that has "
            "them: stepsight load FILE"
        ),
    )
    page.end()

rows = named_steps(steps)
name = widgets.choice(_("Step"), hotspots_first(rows), key="step")
step = rows[name]
version = record_filters.only(scope, {key: step[key] for key in ("workflow", "version")})
here = record_filters.only(version, {"step": step["step"]})
times = step_numbers.step_times(snapshot, version)
note = step_evidence.about_states([] if step["guided"] else [step["workflow"]])
render.say(text.opening(step, times), *note)
to_map(sections.version_title(step))
if not step["guided"]:
    sections.state(snapshot, version, here, step)
    page.end()

diagnosis_card.diagnosis_card(snapshot, scope, step, name)
sections.signs(snapshot, here, step)
sections.ways(snapshot, version, step)
sections.causes(snapshot, here)
sections.affected(snapshot, here, step)
render.table(time_table(times, step=step["step"]))
sections.examples(snapshot, here)
