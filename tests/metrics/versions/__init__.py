"""What a new version did: the statistics, the definition on few rows, and planted effects."""
