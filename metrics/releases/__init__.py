"""What a new version of a workflow changed."""
