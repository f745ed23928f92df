"""`studyhub banks check` and what it prints."""
