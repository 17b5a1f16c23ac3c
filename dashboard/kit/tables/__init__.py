"""What tables are made of, and the tables that several pages show."""
