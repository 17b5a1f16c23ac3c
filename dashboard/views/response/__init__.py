"""The page “Response and resolution”."""
