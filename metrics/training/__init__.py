"""What practice teaches."""
