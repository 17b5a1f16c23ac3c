"""The page “Satisfaction”."""
