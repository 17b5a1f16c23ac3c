"""The catalog as a whole."""
