"""What pages draw with: tiles, charts, tables, and how they are taken along."""
