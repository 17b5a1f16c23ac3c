"""From a frame to a table: which columns a reader sees, in which order, under which names."""
