"""From any source to one trusted stream of events: contract, checks, archive, warehouse."""
