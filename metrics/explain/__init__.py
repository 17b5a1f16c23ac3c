"""What a number means, and what each event of a ticket did to its clocks."""
