"""A log in XES, whose standard says what an event means for the flow."""

from __future__ import annotations

from etl.contract.kinds import Kind
from etl.mapping.inspect.activities import by_name
from etl.mapping.inspect.logs import ONE_RUN, workflow_constants
from etl.mapping.inspect.mapping_guess import MappingGuess
from etl.mapping.inspect.profile import Profile
from etl.mapping.inspect.times import TimeForm
from etl.mapping.mapping import Mapping, RowEvent
from etl.mapping.sections import File, Time
from etl.messages import Message
from etl.sources.table import PLACE
from etl.sources.xes_rows import STEP

# What the transitions of XES mean, as `etl.sources.xes_rows` tells them.
LIFECYCLE: dict[str, list[Kind]] = {
    "entered": [Kind.ENTERED],
    "left": [Kind.ANSWERED],
    **{name: [Kind.ASSIGNED] for name in ("schedule", "assign", "reassign")},
    "suspend": [Kind.PAUSED],
    "resume": [Kind.RESUMED],
    **{name: [Kind.SKIPPED] for name in ("autoskip", "manualskip")},
    **{name: [Kind.RUN_ABANDONED] for name in ("withdraw", "ate_abort", "pi_abort")},
}
_ENDS = ((Kind.OPENED, "first"), (Kind.CLOSED, "last"), (Kind.RUN_FINISHED, "last"))
_ATTRIBUTES = ("customer_id", "agent_id", "team", "channel", "reason", "priority")


def guess_process_log(profile: Profile, file: File, source: str) -> MappingGuess:
    """The transition says what an event means for the flow; its name may say more of the ticket."""
    events = [RowEvent(kind=kind, when={PLACE: [end, "only"]}) for kind, end in _ENDS]
    form = profile.forms.get("time:timestamp", TimeForm())
    assumed = [*form.assumed, Message("guess.finished")]
    names = sorted(profile.texts("concept:name")) if "concept:name" in profile.names else []
    by_kind: dict[Kind, list[str]] = {}
    for name in names:
        for kind in by_name(name) & {Kind.SOLVED, Kind.REOPENED, Kind.ESCALATED}:
            by_kind.setdefault(kind, []).append(name)
    for kind, activities in sorted(by_kind.items()):
        events.append(RowEvent(kind=kind, when={"concept:name": activities}))
        assumed.append(Message("guess.kind", {"kind": kind.value, "names": activities}))
    columns = {"ticket_id": "case:concept:name", "occurred_at": "time:timestamp"}
    columns |= {"run_id": "case:concept:name", "step": "concept:name"}
    columns = {ours: theirs for ours, theirs in columns.items() if theirs in profile.names}
    for ours in _ATTRIBUTES:
        if column := profile.attribute(ours, set(columns.values())):
            columns[ours] = column
    constants, more = workflow_constants(columns, source)
    mapping = Mapping(
        columns=columns,
        constants=constants,
        time=Time(zone="UTC" if form.needs_zone else None, format=form.format),
        file=file,
        activity=STEP,
        activities=LIFECYCLE,
        event=events,
    )
    because = {ours: Message("guess.name", {"column": theirs}) for ours, theirs in columns.items()}
    because["activity"] = Message("guess.transition")
    return MappingGuess(mapping, because, [ONE_RUN, *assumed, *more])
