"""Proof by planted truth: `make evaluate` simulates desks and prints what is found of what was planted."""
