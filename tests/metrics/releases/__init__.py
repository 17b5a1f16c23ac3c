"""What a new version did: the definition on few rows, and planted effects."""
