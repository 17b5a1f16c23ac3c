"""From a frame to a picture: pure functions, each with its finding, its spoken form and its empty state."""
