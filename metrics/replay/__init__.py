"""How the events of a ticket act on a number: what starts, stops and counts, event by event."""
