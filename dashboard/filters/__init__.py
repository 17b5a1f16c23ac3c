"""What is looked at: the filter bar, the address that holds it, links and clicks that narrow it."""
