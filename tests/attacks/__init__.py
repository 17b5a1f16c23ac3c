"""Attacks on what is kept: kills, damaged files, refusing disks, byte searches, hostile texts."""
