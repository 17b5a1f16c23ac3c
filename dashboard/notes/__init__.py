"""What readers write down: saved views and annotations."""
