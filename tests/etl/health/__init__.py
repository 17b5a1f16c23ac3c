"""Every check has a history that makes it speak up, and one that does not."""
