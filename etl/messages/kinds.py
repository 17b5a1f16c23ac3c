"""What the kinds of events are called, for people; mappings and files use the words of the contract."""

from __future__ import annotations

KIND_TITLES = {
    "opened": "Ticket opened",
    "replied": "Message",
    "assigned": "Assigned",
    "handed_off": "Handed to a person",
    "escalated": "Escalated",
    "held": "Put on hold",
    "released": "Hold ended",
    "solved": "Solved",
    "reopened": "Reopened",
    "closed": "Closed",
    "merged": "Merged into another ticket",
    "discarded": "Discarded (spam, deleted)",
    "followed_up": "Checked back",
    "survey_offered": "Survey offered",
    "rated": "Rated",
    "contact_abandoned": "Customer hung up or left the queue",
    "run_started": "Workflow started",
    "entered": "Step",
    "answered": "Answered",
    "went_back": "Went back",
    "asked_help": "Asked for help",
    "searched": "Searched the knowledge base",
    "input_rejected": "Input refused",
    "skipped": "Step skipped",
    "paused": "Paused",
    "resumed": "Resumed",
    "run_finished": "Workflow finished",
    "run_abandoned": "Workflow given up",
}
