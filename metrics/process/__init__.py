"""How runs flow, and whether they keep to the definition."""
