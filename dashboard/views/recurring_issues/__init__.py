"""The page “Recurring issues”."""
