"""What `stepsight inspect --write-mapping` should conclude, and the program that compares: see README.md."""
