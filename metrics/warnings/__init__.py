"""The five warning signs of a process problem, each with its own measure."""
