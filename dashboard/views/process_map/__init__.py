"""The page “Process map”."""
