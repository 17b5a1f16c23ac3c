"""The sample, the mappings of public logs and the workflow definitions; installed as `stepsight_data`."""
