"""The page “Compliance”."""
