"""Opening hours, targets and the settings they come from."""
