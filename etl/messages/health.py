"""What the checks of data health find, why it matters and what to do.

Each check has a name, why it matters, what to do, what it says where all is fine and where the data cannot
tell; the rest is what it finds, and parts of that.
"""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    "health.day_and_month.name": "day and month",
    "health.day_and_month.why": "Exchanged days and months move events by weeks, and every duration with "
    "them.",
    "health.day_and_month.todo": "Find out how the source writes dates, declare it in the mapping ([time] "
    "format), and load into a new warehouse.",
    "health.day_and_month.fine": "Dates read better as they are than with day and month exchanged.",
    "health.day_and_month.unknown": "Not known: too few tickets have dates both before and after the 12th of "
    "a month.",
    "health.day_and_month.first_days_only": "All dates of {span_days:day} lie in the first twelve days of a "
    "month. Dates with a later day were read month first, and rejected.",
    "health.day_and_month.nearer": "In {swapped:ticket} of {tickets:count}, exchanging day and month brings "
    "dates nearer to the other dates of the ticket.",
    "health.day_and_month.weekdays": "With day and month exchanged, {swapped:count} of {days:day} have as "
    "many tickets as their weekday usually has. As given, they do not.",
    "health.day_and_month.some_nearer": "Some dates read better with day and month exchanged. "
    "This brings dates of {swapped:ticket} of {tickets:count} "
    "nearer to the ticket's other dates.",
    "health.time_zone.name": "time zone",
    "health.time_zone.why": "Hours and days of every number are off by the difference, and two sources no "
    "longer fit together.",
    "health.time_zone.todo": "Ask where the source takes its times from. If they are local, declare their "
    "zone in a mapping ([time] zone). If the desk is in a place that keeps UTC all year, nothing is wrong.",
    "health.time_zone.fine": "The time zone of every source looks right.",
    "health.time_zone.unknown": "Not known: no source has regular hours of work and enough events on both "
    "sides of a clock change.",
    "health.time_zone.believed": "{zone} is declared for {source}. Its clocks do not change in this time, so "
    "nothing speaks against it.",
    "health.time_zone.follows_clocks": "In UTC the working day of {source} begins an hour earlier in summer "
    "time ({place}), as true instants do.",
    "health.time_zone.local_as_utc": "The middle of the working day is {middle_hour:clock} UTC, and it does "
    "not move when clocks change. Local times labelled as UTC look like this.",
    "health.time_zone.no_clock_change": "The working day of {source} does not move when clocks change. Its "
    "middle, {middle_hour:clock} UTC, fits a place that does not change them.",
    "health.time_zone.utc_as_local": "In UTC the working day begins two hours earlier in summer time, not "
    "one. Instants in UTC that were read as local times look like this.",
    "health.time_zone.europe": "Europe",
    "health.time_zone.north_america": "North America",
    "health.time_zone.australia": "Australia",
    "health.hours_of_day.name": "hours of day",
    "health.hours_of_day.why": "A whole week of work does not move by hours. A changed time zone or an "
    "import does that.",
    "health.hours_of_day.todo": "Compare the export of that week with the others: was its time zone set "
    "differently?",
    "health.hours_of_day.fine": "The hours of the day are alike in all weeks.",
    "health.hours_of_day.unknown": "Not known: there are not two weeks with enough events to compare.",
    "health.hours_of_day.later": "In {moved:week} of {weeks:count}, work starts {hours:hour} later than in "
    "the weeks before. The first is the week of {first:date}.",
    "health.hours_of_day.earlier": "In {moved:week} of {weeks:count}, work starts {hours:hour} earlier than "
    "in the weeks before. The first is the week of {first:date}.",
    "health.empty_days.name": "empty days",
    "health.empty_days.why": "Missing days make volumes too low and durations too long, and nothing else "
    "shows it.",
    "health.empty_days.todo": "Holidays explain single days. Otherwise export those days again and load "
    "them; what is there already is not doubled.",
    "health.empty_days.fine": "Every day that usually has events has some.",
    "health.empty_days.unknown": "Not known: there are too few weeks, or too few tickets, to say which days "
    "usually have events.",
    "health.empty_days.single": "No events on {empty_days:day} of {usual_days:count} that usually have some. "
    "The first is {first:date}.",
    "health.empty_days.stretch": "No events on {empty_days:day} of {usual_days:count} that usually have "
    "some. The longest stretch, of {longest_days:day}, is from {first:date} to {last:date}.",
    "health.volume_drop.name": "volume at the end",
    "health.volume_drop.why": "The last weeks look like a quiet time, and what is compared with them looks "
    "like a change.",
    "health.volume_drop.todo": "If the export was cut off, load a newer one. If the history fades, choose a "
    "period before these weeks.",
    "health.volume_drop.fine": "The last weeks have as many tickets as usual.",
    "health.volume_drop.unknown": "Not known: no source has five weeks of events.",
    "health.volume_drop.low": "Since {first:date} ({weeks:week}) the number of tickets with events is only "
    "{share:percent} of the usual.",
    "health.volume_drop.few_openings": "Since {first:date} ({weeks:week}), {share:percent} of the usual "
    "number of tickets were opened, while other events go on.",
    "health.exact_midnight.name": "exact midnight",
    "health.exact_midnight.why": "Dates without times make response times of hours into 0 or whole days.",
    "health.exact_midnight.todo": "See whether the source has another column with the time, and name that in "
    "the mapping.",
    "health.exact_midnight.fine": "No source has more events on exact hours than expected.",
    "health.exact_midnight.unknown": "Not known: no source has enough events.",
    "health.exact_midnight.exact": "{exact:event} of {events:count} ({share:percent}) lie exactly on "
    "{earlier_hour:clock} or {later_hour:clock} UTC, as dates without a time do.",
    "health.freshness.name": "freshness",
    "health.freshness.why": "Events in the future have wrong dates. If a source stops, later days look "
    "quiet.",
    "health.freshness.todo": "For future events, look at dates, time zone and clock of the source. For a "
    "source left behind, load its newest export.",
    "health.freshness.fine": "All sources are up to date with one another.",
    "health.freshness.unknown": "Not known: nothing is loaded.",
    "health.freshness.future": "The newest event, {newest:instant}, is {ahead_minutes:duration} later than "
    "its load.",
    "health.freshness.behind": "Its newest event, {newest:instant}, is {behind_minutes:duration} older than "
    "the newest of the other sources.",
    "health.freshness.no_rhythm": "Not known: the newest event of {source}, {newest:instant}, is "
    "{behind_minutes:duration} older than the newest of the other sources. With fewer than three loads "
    "it has no rhythm to compare with.",
    "health.freshness.newest": "The newest event of {source} is of {newest:instant}.",
    "health.wrong_order.name": "wrong order",
    "health.wrong_order.why": "Durations below zero are wrong. Such tickets distort every time, or drop out.",
    "health.wrong_order.todo": "Look at some of these tickets in the source. The mapping may take "
    "the wrong time column, dates may be exchanged, or clocks may "
    "disagree.",
    "health.wrong_order.fine": "Nothing ends before it begins.",
    "health.wrong_order.unknown": "Not known: no ticket or run has both a beginning and an end.",
    "health.wrong_order.pair": "{wrong:count} of {known:count} times ({share:percent}): {pair}, by a median "
    "of {time_minutes:duration}.",
    "health.wrong_order.solved_before_opened": "solved before it was opened",
    "health.wrong_order.closed_before_opened": "closed before it was opened",
    "health.wrong_order.rated_before_opened": "rated before it was opened",
    "health.wrong_order.replied_before_opened": "replied before it was opened",
    "health.wrong_order.left_before_opened": "hung up or left the queue before it was opened",
    "health.wrong_order.reopened_before_solved": "reopened before it was ever solved",
    "health.wrong_order.handled_before_opened": "assigned, escalated, held or set aside before it was opened",
    "health.wrong_order.released_before_held": "released before it was ever held",
    "health.wrong_order.followed_up_before_solved": "followed up before it was ever solved",
    "health.wrong_order.acted_before_step": "an action at a step before the step was entered",
    "health.wrong_order.acted_after_end": "an action in a run after the run had ended",
    "health.wrong_order.acted_before_entered": "an action in a run before its first step",
    "health.wrong_order.entered_after_end": "a step entered after its run had ended",
    "health.wrong_order.resumed_before_paused": "a run resumed before it was ever paused",
    "health.clock_skew.name": "clock skew",
    "health.clock_skew.why": "Two clocks that disagree put events of one ticket in the wrong order, and "
    "response times with them.",
    "health.clock_skew.todo": "Compare the clocks and time zones of the two sources. Work may truly begin "
    "before a ticket exists.",
    "health.clock_skew.fine": "Work on few tickets begins before they are opened.",
    "health.clock_skew.unknown": "Not known: no two sources or kinds of actor share enough tickets.",
    "health.clock_skew.same_source": "In {before:ticket} of {tickets:count} ({share:percent}) the first "
    "event by {actor} lies before its opening by {opener}. The median is {time_minutes:duration}.",
    "health.clock_skew.other_source": "In {before:ticket} of {tickets:count} ({share:percent}) the first "
    "event by {actor} lies before the opening by {opener} in {opened_in}. The median is "
    "{time_minutes:duration}.",
    "health.clock_skew.agent": "an agent",
    "health.clock_skew.customer": "the customer",
    "health.clock_skew.bot": "a bot",
    "health.clock_skew.system": "the system",
    "health.missing_openings.name": "missing openings",
    "health.missing_openings.why": "Without an opening there is no first response and no age; such tickets "
    "leave both out.",
    "health.missing_openings.todo": "Load the history from before the first day too, or let the mapping name "
    "what means `opened`.",
    "health.missing_openings.fine": "Every ticket has its opening.",
    "health.missing_openings.unknown": "Not known: there are no tickets.",
    "health.missing_openings.some": "{unopened:ticket} of {tickets:count} ({share:percent}) have no opening.",
    "health.missing_openings.all": "None of its tickets ({tickets:count}) has an opening.",
    "health.repeated_reopenings.name": "repeated reopenings",
    "health.repeated_reopenings.why": "A ticket cannot be reopened again before it is solved again. A "
    "mapping that reads a counter or a flag tells one reopening on every row.",
    "health.repeated_reopenings.todo": "Let the mapping tell a reopening only on the row where it happens. "
    'For a counter that is the row on which `":change.COLUMN"` is `up`.',
    "health.repeated_reopenings.fine": "Tickets are solved before they are reopened again.",
    "health.repeated_reopenings.unknown": "Nothing to check: no ticket was reopened.",
    "health.repeated_reopenings.some": "{repeats:count} of {reopenings:count} reopenings ({share:percent}) "
    "follow on another one without a solve between them.",
    "health.broken_merges.name": "broken merges",
    "health.broken_merges.why": "A merged ticket is in no number, since the ticket it was merged into "
    "goes on. Where there is none, its customer is lost from every number.",
    "health.broken_merges.todo": "Look at these tickets in the source. Load the tickets that are missing, or "
    "let the mapping take the right column as `value` of `merged`.",
    "health.broken_merges.fine": "Every merge leads to a ticket that is there.",
    "health.broken_merges.unknown": "Nothing to check: no ticket is merged into another.",
    "health.broken_merges.some": "{broken:count} of {merges:count} merges lead to no ticket: {missing:count} "
    "into tickets that are not there, {circular:count} in a circle, {unnamed:count} into none. Such as "
    "{examples}.",
    "health.endless_runs.name": "endless runs",
    "health.endless_runs.why": "A run without an end counts as given up unless its ticket was solved with "
    "it. Its last step then looks worse than it is. Where hardly any run has an end, nobody knows which were "
    "given up.",
    "health.endless_runs.todo": "If the source knows when a run ends, let the mapping name what means "
    "`run_finished` or `run_abandoned`.",
    "health.endless_runs.fine": "Nearly all runs have an end.",
    "health.endless_runs.unknown": "Not known: there are no runs.",
    "health.endless_runs.some": "{endless:run} of {runs:count} ({share:percent}) have no end, though nothing "
    "has happened in them for a day or more.",
    "health.rushed_runs.name": "runs clicked through",
    "health.rushed_runs.why": "A run that is only clicked through says nothing of its steps, and shows no "
    "sign. Fluent times leave rushed visits out, but the rates of steps do not.",
    "health.rushed_runs.todo": "Ask the teams why. The workflow may not help them, or they enter it "
    "afterwards.",
    "health.rushed_runs.fine": "Hardly any run was clicked through.",
    "health.rushed_runs.unknown": "Not known: no run of three steps or more was finished.",
    "health.rushed_runs.all": "All {runs:count} finished runs took less than 5 s a step. How long an honest "
    "one takes is not known.",
    "health.rushed_runs.some": "{rushed:count} of {runs:count} finished runs ({share:percent}) were clicked "
    "through, in less than 5 s a step. The others take about {time_minutes:duration} a step.",
    "health.unknown_steps.name": "unknown steps",
    "health.unknown_steps.why": "Moves off the path are only known for steps that the definition has.",
    "health.unknown_steps.todo": "Add the definition of the version that is really in use: stepsight "
    "workflows add FILE.",
    "health.unknown_steps.fine": "Every step of a defined workflow version is in its definition.",
    "health.unknown_steps.unknown": "Not known: no workflow with events has a definition.",
    "health.unknown_steps.undefined": "{workflow} version {version} has events but no definition, though "
    "other versions of the workflow have one.",
    "health.unknown_steps.some": "{elsewhere:event} of {events:count} ({share:percent}) of {workflow} "
    "version {version} are at steps not in its definition: {steps}.",
    "health.unknown_steps.many": "{elsewhere:event} of {events:count} ({share:percent}) of {workflow} "
    "version {version} are at steps not in its definition, such as {steps}.",
    "health.shared_tickets.name": "shared ticket numbers",
    "health.shared_tickets.why": (
        "Two systems may use the same ticket numbers. Two tickets read as one give wrong response "
        "and resolution times."
    ),
    "health.shared_tickets.todo": (
        "If the files come from two systems, load each of them again with `--source NAME`. Its tickets "
        "are then tickets of that source."
    ),
    "health.shared_tickets.fine": "No two files open one ticket for different customers.",
    "health.shared_tickets.unknown": "Nothing to check: no two loads have openings of tickets.",
    "health.shared_tickets.some": (
        "{tickets:ticket} opened by {other}, too, for another customer, {days:count} days apart (median)."
    ),
    "health.shared_tickets.unknown_customers": (
        "{tickets:ticket} opened by {other}, too, {days:count} days apart (median). Nobody knows whether the "
        "customers are the same."
    ),
    "health.shared_tickets.itself": "other loads of files like this",
    "health.shared_runs.name": "runs in several tickets",
    "health.shared_runs.why": ("If each ticket has a run of its own, all runs but the last look given up."),
    "health.shared_runs.todo": (
        'Say in the settings what a run id is unique within: unique = "source" under [runs] if one id is one '
        'run, unique = "ticket" if each ticket has its own.'
    ),
    "health.shared_runs.fine": "Every run id is in one ticket, or its tickets share one run.",
    "health.shared_runs.unknown": "Nothing to check: there are no runs.",
    "health.shared_runs.apart": (
        "{apart:count} of {runs:count} run ids in several tickets are not taken as one run: {in_many:count} "
        "in more than 3 tickets, {of_several:count} of different customers, {overlapping:count} in several "
        "tickets at once."
    ),
    "health.unused_dimensions.name": "unused dimensions",
    "health.unused_dimensions.why": "A dimension that no event has puts all tickets into one group.",
    "health.unused_dimensions.todo": (
        "Name the column in the mapping and load the files again, or take the dimension out of the settings."
    ),
    "health.unused_dimensions.fine": "Every dimension of the settings is in the data.",
    "health.unused_dimensions.unknown": "Nothing to check: the settings have no dimensions of your own.",
    "health.unused_dimensions.never": "No event has {attribute}, so the dimension {name} is empty.",
}
