"""What every number means: facts as SQL, the catalog of metrics, and the statistics on top."""
