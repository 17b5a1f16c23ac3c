"""What practice does."""
