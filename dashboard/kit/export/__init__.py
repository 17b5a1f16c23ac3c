"""Charts, tables and whole pages to take along."""
