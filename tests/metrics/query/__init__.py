"""Metrics, records and scopes, as they are queried."""
