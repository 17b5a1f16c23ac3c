"""How a number comes about, event by event."""
