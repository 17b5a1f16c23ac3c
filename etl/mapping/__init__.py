"""From a foreign table to events."""
