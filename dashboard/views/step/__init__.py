"""The page “Step”."""
