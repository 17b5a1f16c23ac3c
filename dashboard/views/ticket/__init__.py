"""The page “Ticket”."""
