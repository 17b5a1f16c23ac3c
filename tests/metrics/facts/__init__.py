"""Every fact: its definition on few rows, and a slow second way."""
