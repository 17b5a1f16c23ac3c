"""The page “Versions”."""
