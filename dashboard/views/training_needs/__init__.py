"""The page “Training needs”."""
