"""The dashboard, page by page, on warehouses loaded as a user would."""
