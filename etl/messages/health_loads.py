"""What the checks of data health find of loads and of names, why it matters and what to do."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    "health.rejected_rows.name": "rejected rows",
    "health.rejected_rows.why": "Rejected rows are in no number.",
    "health.rejected_rows.todo": "See the rows with `stepsight rejected`. Mend them in the source "
    "or the mapping, and load the file again; only they are added. "
    "Rows mended since stay listed here.",
    "health.rejected_rows.fine": "No row was rejected.",
    "health.rejected_rows.unknown": "Nothing to check: no rows were read.",
    "health.rejected_rows.some": "{rejected:row} rejected of {read:count} read: {reasons:parts}.",
    "health.rejected_rows.reason": "{rows:count} for {rule} ({reason})",
    "health.skipped_rows.name": "skipped rows",
    "health.skipped_rows.why": (
        "A skipped row gives no event by the mapping. A ticket without any event is in no number, "
        "not even among the open ones."
    ),
    "health.skipped_rows.todo": (
        "Check in the mapping that these rows are meant to be left out. Of tickets without a time, export "
        "one."
    ),
    "health.skipped_rows.fine": "No file had many rows skipped.",
    "health.skipped_rows.unknown": "Nothing to check: no rows were read.",
    "health.skipped_rows.some": (
        "{skipped:row} of {read:count} ({share:percent}) gave no event by the mapping."
    ),
    "health.duplicates.name": "duplicates",
    "health.duplicates.why": "Repeated rows change no number. But a surge of them means that an export went "
    "wrong, and that other rows may be missing.",
    "health.duplicates.todo": "Check the period that the file was exported for.",
    "health.duplicates.fine": "No load has unusually many repeated rows.",
    "health.duplicates.unknown": "Not known: no load has enough rows.",
    "health.duplicates.many": "{repeated:row} of {read:count} ({share:percent}) were there already.",
    "health.duplicates.surge": "{repeated:row} of {read:count} ({share:percent}) were there already. For "
    "files like this, {usual_share:percent} is usual.",
    "health.repeated_rows.name": "repeated rows",
    "health.repeated_rows.why": (
        "Rows of one file with the same values in all used columns become one event. If they are "
        "separate events, some are lost."
    ),
    "health.repeated_rows.todo": (
        "If they are separate, map `event_id` or `seq`. Or name the columns in which they differ "
        "under `[identity]` in the mapping."
    ),
    "health.repeated_rows.fine": "No file repeats many of its own rows.",
    "health.repeated_rows.unknown": "Nothing to check: no rows were read.",
    "health.repeated_rows.some": (
        "{repeated:row} of {read:count} ({share:percent}) have the same used values as another "
        "row of the file."
    ),
    "health.conflicts.name": "conflicts",
    "health.conflicts.why": (
        "Two rows say different things about the same event. The one with the later recorded_at is used; "
        "without recorded_at, the one whose content was first loaded last."
    ),
    "health.conflicts.todo": (
        "Nothing, if the newer export corrects the older one. Otherwise find out which source is right, and "
        "load these events from that one only."
    ),
    "health.conflicts.fine": "No two rows contradict one another.",
    "health.conflicts.unknown": "Nothing to check: no rows were read.",
    "health.conflicts.some": (
        "{conflicts:event} in {tickets:ticket} contradict {other}: the same event, but other "
        "content. The later recorded_at counts; without it, the content that was first loaded last. "
        "The other is kept aside."
    ),
    "health.conflicts.itself": "others of the same file",
    "health.conflicts.same_name": "those of another load of a file with the same name",
    "health.conflicts.gone": "events that are gone",
    "health.look_alike_names.name": "names that look alike",
    "health.look_alike_names.why": (
        "Upper and lower case count: each spelling has numbers and settings of its own."
    ),
    "health.look_alike_names.todo": (
        "If they mean the same, make them one: in the source, or under [values] of the mapping."
    ),
    "health.look_alike_names.fine": "No two names differ only in case, width or blanks.",
    "health.look_alike_names.unknown": "Nothing to check: no column has two names.",
    "health.look_alike_names.some": "Some names differ only in case, width or blanks: {groups:parts}.",
    "health.look_alike_names.group": "{column} {names!r}",
    "health.unmatched_settings.name": "settings without effect",
    "health.unmatched_settings.why": "A target or schedule for a name that no event has holds for no ticket.",
    "health.unmatched_settings.todo": (
        "Write the names in the settings as the data has them. Upper and lower case count."
    ),
    "health.unmatched_settings.fine": "Events have every name that the settings are for.",
    "health.unmatched_settings.unknown": (
        "Nothing to check: the settings name no channel, priority or team, or nothing is loaded."
    ),
    "health.unmatched_settings.some": "No event has {names:parts}.",
    "health.mapping_without_effect.name": "mapping without effect",
    "health.mapping_without_effect.why": (
        "A name that no row has is often misspelt. A column that no event takes is in no number."
    ),
    "health.mapping_without_effect.todo": (
        "Compare these keys with the file. Mend them and load the file again, or take them out."
    ),
    "health.mapping_without_effect.fine": "Every key of the mappings had an effect.",
    "health.mapping_without_effect.unknown": "Nothing to check: no file was loaded with a mapping.",
    "health.mapping_without_effect.some": "These keys of the mapping changed nothing: {keys}.",
    "health.cut_ties.name": "cut ties",
    "health.cut_ties.why": "The order of events at one instant decides which step followed which. A file "
    "boundary loses it.",
    "health.cut_ties.todo": "Export with a `seq` column, or so that a file ends between two instants.",
    "health.cut_ties.fine": "No file boundary cuts events of one ticket and instant.",
    "health.cut_ties.unknown": "Nothing to check: no two loads have events.",
    "health.cut_ties.some": "{ties:tie} in {tickets:ticket}: events of one ticket and instant came in "
    "different files. Which was first is not known.",
}
