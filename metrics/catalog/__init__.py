"""What is data about numbers: the metrics, their dimensions, the signs of confusion."""
