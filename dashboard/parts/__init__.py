"""Parts of pages: what a page lets its reader choose, and what it shows for that."""
