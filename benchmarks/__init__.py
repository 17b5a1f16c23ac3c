"""How long things take at full size; `make bench` runs them."""
