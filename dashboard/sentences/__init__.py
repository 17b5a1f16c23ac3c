"""What numbers say, in whole sentences of the reader's language: plain text, built from the numbers alone."""
