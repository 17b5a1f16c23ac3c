"""Facts kept up to date, opening hours among them, and a slow second way."""
