"""The page “Hotspots”."""
