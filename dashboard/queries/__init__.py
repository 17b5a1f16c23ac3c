"""What several pages ask of the warehouse, kept for the snapshot it was asked of."""
