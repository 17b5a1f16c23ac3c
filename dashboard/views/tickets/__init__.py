"""The page “Tickets”."""
