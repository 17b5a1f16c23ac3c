"""What is kept: archive, ledger, staging, deduplication, warehouse and snapshots."""
