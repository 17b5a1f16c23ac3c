"""The page “Service level and backlog”."""
