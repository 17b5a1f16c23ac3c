"""The page "Your data" step by step: a file, what it means, what would be refused, and the load."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import streamlit as st

from dashboard import state
from dashboard.kit import render
from dashboard.kit.export import page_content
from dashboard.language import _, ngettext, words
from dashboard.language.load_outcome import outcome
from dashboard.language.messages import say
from dashboard.queries import warehouse
from dashboard.views.your_data import (
    mapping_form,
    replacement,
    upload_job,
    upload_sentences,
    uploader_texts,
    uploads,
)
from dashboard.views.your_data.erased import OfOthers, erased_ids, version_of_list
from dashboard.views.your_data.tables import column_table, preview_table, rejected_rows_table, report_table
from dashboard.views.your_data.text_rules import text_rules
from dashboard.views.your_data.upload_job import Job
from dashboard.views.your_data.uploads import Tried, Upload
from etl.contract.instants import Bounds
from etl.mapping.inspect import Inspection
from etl.mapping.mapping import Mapping
from etl.sources import ENDINGS
from etl.store.load_report import LoadReport

LOOK_THEN_LOAD = """stepsight inspect FILE --write-mapping mapping.toml
stepsight load FILE --mapping mapping.toml"""
Result = TypeVar("Result")


def not_allowed() -> None:
    """How to load without uploads, and how an operator allows them."""
    render.commands(
        _("Files cannot be uploaded here"),
        [
            (_("On the command line, a look first and then the load:"), LOOK_THEN_LOAD),
            (_("Whoever runs the dashboard can allow uploads here:"), "stepsight serve --allow-uploads"),
        ],
        icon=":material/lock:",
    )


def under_way() -> bool:
    """Show the load that goes on, or what came of the last one; whether one goes on."""
    job: Job | None = st.session_state.get(state.UPLOAD_JOB)
    if job is None:
        return False
    if not job.future.done():
        _progress(job)
        return True
    if job.error:
        title, text = _("{file} was not loaded", file=job.name), say(job.error)
        page_content.add(page_content.Explained(title, text))
        st.error(words.escaped(text, render.LONGEST), title=words.escaped(title), icon=":material/error:")
    elif job.report is not None:
        title, text = (
            _("{file} has been loaded", file=job.name),
            _("Every page shows the new numbers from now on."),
        )
        page_content.add(page_content.Explained(title, text))
        st.success(words.escaped(text, 200), title=words.escaped(title), icon=":material/check_circle:")
        render.table(report_table(job.report))
        _listed(_("What became of the file"), [line for file in job.report.files for line in outcome(file)])
        remarks = [*job.report.remarks, *(each for file in job.report.files for each in file.remarks)]
        _listed(_("Check the mapping"), [say(message) for message in remarks])
        _show_unload_command(job.report)
        with st.container(horizontal=True):
            st.page_link(
                "views/data_health/view.py",
                label=_("Is the data healthy?"),
                icon=":material/health_and_safety:",
            )
            st.page_link("views/overview/view.py", label=_("To the overview"), icon=":material/monitoring:")
    return False


def _show_unload_command(report: LoadReport) -> None:
    """How to take the load out again, on the command line."""
    for file in report.files:
        if file.load_id is None:
            continue
        sentence = _("To take this load out again:")
        if file.replaces:
            sentence = _("To take this load out again (what it replaced does not come back):")
        st.caption(f"{words.escaped(sentence, 200)} `stepsight unload {file.load_id}`")


def _listed(title: str, sentences: Sequence[str]) -> None:
    """Sentences as a list under a title, where there are any."""
    if not sentences:
        return
    page_content.add(page_content.Explained(title, " ".join(sentences)))
    lines = "\n".join(f"- {words.escaped(text, render.LONGEST)}" for text in sentences)
    st.info(lines, title=title, icon=":material/help:")


@st.fragment(run_every=1.0)
def _progress(job: Job) -> None:
    if job.future.done():
        st.rerun()
    text = _(
        "Loading {file}: {stage}, {rows}",
        file=job.name,
        stage=_(job.stage),
        rows=words.counted(job.done, "row"),
    )
    st.progress(job.share, words.escaped(text, 200))
    st.caption(_("You may leave this page; the load goes on."))


def current_upload() -> tuple[Upload, str] | None:
    """The file that the reader has chosen, and what tells it from the others."""
    most = uploads.most_megabytes()
    file = st.file_uploader(
        _("A file of events or tickets"),
        type=[ending.removeprefix(".") for ending in ENDINGS],
        max_upload_size=most,
        key="upload",
        help=_("{endings}; up to {n} MB.", endings=" ".join(ENDINGS), n=most),
    )
    uploader_texts.translate(most)
    if file is None:
        return None
    return uploads.checked(file.name, file.getvalue()), file.file_id


def understood(upload: Upload, file_id: str) -> tuple[Inspection, Mapping]:
    """What is in the file, and what the reader says it means.

    Raises:
        StepsightError: the file cannot be read, or the answers make no mapping.
    """
    guess = _looked(upload, file_id, None)
    render.say(upload_sentences.size(guess))
    sources = sorted(warehouse.loads(warehouse.snapshot())["source"].drop_nulls().unique())
    others = _of_others(upload, file_id, guess, sources)
    guess = others.of(guess) if others else guess
    render.folded_table(column_table(guess))
    st.header(_("What does it mean?"), anchor=False)
    _listed(_("Assumed, because the file does not say"), [say(message) for message in guess.assumed])
    activities = partial(_activities, upload, file_id, guess.mapping, others)
    # What was typed before somebody was erased is no longer shown either.
    version = version_of_list(warehouse.folder())
    mapping = mapping_form.show(guess, activities, key=f"{file_id} {version}" if version else file_id)
    sha256 = _once(file_id, "digest", lambda: uploads.content_digest(upload))
    earlier = replacement.loads_of_content(sha256, warehouse.folder())
    mapping = mapping_form.source(mapping, sources, earlier, key=file_id)
    inspection = _looked(upload, file_id, mapping)
    inspection = others.of(inspection) if others else inspection
    new = [say(message) for message in inspection.assumed if message not in guess.assumed]
    _listed(_("Check the mapping"), new)
    return inspection, mapping


def checked(inspection: Inspection, upload: Upload, file_id: str, mapping: Mapping) -> Tried | None:
    """What a load would take and refuse, shown before anything is kept; None where it could take nothing."""
    st.header(_("What would be loaded?"), anchor=False)
    if inspection.problem:
        st.warning(words.escaped(say(inspection.problem), render.LONGEST), icon=":material/rule:")
        return None
    with st.spinner(_("Checking every row …")):
        tried = _tried(upload, file_id, mapping)
    render.say(upload_sentences.outcome(tried, inspection))
    if tried.rejected.height:
        render.table(rejected_rows_table(tried.rejected))
    if erased := erased_ids(warehouse.folder()):
        inspection = OfOthers(erased, [mapping.source], tried.of_erased).of(inspection)
    if inspection.preview:
        render.folded_table(preview_table(inspection))
    return tried if tried.accepted else None


def offer(tried: Tried, upload: Upload, mapping: Mapping) -> None:
    """What the load would replace, and the button that loads."""
    for record in replacement.loads_to_replace(tried, warehouse.folder()):
        replacement.warn(record, mapping)
    label = ngettext("Load {n} row", "Load {n} rows", tried.accepted, n=words.count(tried.accepted))
    if st.button(label, type="primary", icon=":material/upload:"):
        st.session_state[state.UPLOAD_JOB] = upload_job.start(
            upload, mapping, tried.read, warehouse.folder(), warehouse.settings()
        )
        st.rerun()


def _of_others(upload: Upload, file_id: str, guess: Inspection, sources: Sequence[str]) -> OfOthers | None:
    """What of the file may be shown, before anybody says what it means; None where nobody was erased."""
    erased = erased_ids(warehouse.folder())
    if erased is None:
        return None
    others = OfOthers(erased, [None, *sources])
    if guess.problem:
        return others
    version = version_of_list(warehouse.folder())
    tickets = _once(file_id, f"tickets {version} {sources}", lambda: others.tickets_in(upload, guess.mapping))
    return replace(others, tickets=tickets)


def _looked(upload: Upload, file_id: str, mapping: Mapping | None) -> Inspection:
    what = "" if mapping is None else mapping.model_dump_json()
    return _once(file_id, f"look {what}", lambda: uploads.look(upload, mapping, _bounds()))


def _tried(upload: Upload, file_id: str, mapping: Mapping) -> Tried:
    def attempt() -> Tried:
        rules = text_rules(warehouse.folder(), warehouse.settings())
        erased = erased_ids(warehouse.folder())
        return uploads.attempt(upload, mapping, _bounds(), rules=rules, erased=erased)

    # Somebody may be erased while the page is open: the file is tried again then.
    version = version_of_list(warehouse.folder())
    return _once(file_id, f"try {version} {mapping.model_dump_json()}", attempt)


def _bounds() -> Bounds:
    return Bounds.of_load(datetime.now(UTC), warehouse.settings().earliest)


def _activities(
    upload: Upload, file_id: str, mapping: Mapping, others: OfOthers | None, column: str
) -> list[str]:
    names = _once(file_id, f"activities {column}", lambda: uploads.activities(upload, mapping, column))
    return others.texts(names) if others else names


def _once(file_id: str, what: str, work: Callable[[], Result]) -> Result:
    """What is known of the file at hand is not found out again; of the file before nothing is kept."""
    results: dict[str, object] = st.session_state.get(state.UPLOAD_RESULTS, {})
    if results.get("file") != file_id or len(results) > 30:
        results = {"file": file_id}
    if what not in results:
        results[what] = work()
    st.session_state[state.UPLOAD_RESULTS] = results
    return results[what]  # type: ignore[return-value]
