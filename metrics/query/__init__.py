"""Queries, composed and run: scope, measure, records, and the gate for small groups."""
