"""What a team has set: targets, schedules, thresholds."""
