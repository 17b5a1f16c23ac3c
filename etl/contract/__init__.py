"""What a row must be: columns, kinds, checks, values, and the definitions of workflows."""
