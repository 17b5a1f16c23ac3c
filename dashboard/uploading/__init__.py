"""The page "Your data": a file, what it means, what would be refused, and the load."""
