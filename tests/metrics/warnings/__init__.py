"""Every measure of the warning signs, on few rows and a second way."""
