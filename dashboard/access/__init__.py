"""Who may reach the dashboard."""
