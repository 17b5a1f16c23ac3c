"""The commands of the command line: a few lines each, which compose `etl`, `metrics` and `dashboard`."""
