"""What managers look at: waits, backlog, reasons, changes."""
