"""Who somebody is: pseudonyms, erasure, retention."""
