"""The questions about tickets: backlog, change, response, satisfaction."""
