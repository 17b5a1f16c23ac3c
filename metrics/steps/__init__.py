"""The questions about steps of a workflow: hotspots, causes, diagnoses."""
