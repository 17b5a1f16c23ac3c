"""The settings file, as text and as values."""
