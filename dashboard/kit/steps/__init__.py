"""What several pages say and draw of a step: its signs, causes, verdict and cost."""
