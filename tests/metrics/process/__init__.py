"""How runs flow, and where they leave their definition."""
