"""The page “Glossary”."""
