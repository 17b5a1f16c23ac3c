"""Facts, settings and calendars written into the warehouse's tables."""
