"""Sources: formats, hostile files, damaged files, and the public logs."""
