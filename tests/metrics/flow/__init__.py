"""How runs flow, why they stray, and what their tickets come to."""
