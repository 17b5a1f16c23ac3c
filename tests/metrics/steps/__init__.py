"""Why steps confuse, and what their tickets come to."""
