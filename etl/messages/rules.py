"""The rules by which a row is rejected: of one column by their name, of any column by the end of it."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    "rule.without_zone": "{column} is a local time without a time zone or offset; name its "
    "IANA zone in a mapping ([time] zone)",
    "rule.skipped_by_clock": "{column} does not exist in the declared time zone: the clocks "
    "were put forward over it",
    "rule.excel_serial": "{column} is a day number of Excel; give the column a date format in the "
    "workbook and save it again",
    "rule.bare_number": "{column} is a bare number; if it counts from 1970, write "
    'format = "epoch" (seconds), "epoch_ms" or "epoch_us" in a mapping ([time])',
    "rule.too_early": "{column} lies before the earliest allowed time (earliest in the settings); "
    "a zero or a placeholder may stand there",
    "rule.in_future": "{column} lies more than a day after the load; a placeholder or a wrong "
    "date stands there",
    "rule.occurred_at_unreadable": "occurred_at cannot be read as a date and time",
    "rule.seq_unreadable": "seq cannot be read as a whole number",
    "rule.kind_unknown": "kind is none of: opened, replied, assigned, handed_off, escalated, held, released, "
    "solved, reopened, closed, merged, discarded, contact_abandoned, followed_up, survey_offered, rated, "
    "run_started, entered, answered, went_back, asked_help, searched, input_rejected, skipped, paused, "
    "resumed, run_finished, run_abandoned",
    "rule.actor_unknown": "actor is none of: customer, agent, bot, system",
    "rule.hits_unreadable": "hits cannot be read as a whole number",
    "rule.recorded_at_unreadable": "recorded_at cannot be read as a date and time",
    "rule.score_above_scale_max": "score is above scale_max, the top of its scale",
    "rule.scale_max_too_low": "scale_max must be more than 0",
    "rule.activity_unknown": "the mapping does not say what this activity means; list it under [activities]",
    "rule.wrong_number_of_fields": "the row has more fields than the header; quote fields that hold the "
    "delimiter",
    "rule.damaged_row": "the row cannot be read: a quote in it is not closed, or stands in the middle of a "
    "field; double the quotes within quotes",
    "rule.not_a_json_object": "this is not a JSON object",
    "rule.missing": "{column} has no value, and this event needs one",
    "rule.unreadable": "{column} cannot be read as a number",
    "rule.too_low": "{column} must be at least 0",
}
