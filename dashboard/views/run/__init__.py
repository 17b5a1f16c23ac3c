"""The page “Run”."""
