"""The page “Data health”."""
