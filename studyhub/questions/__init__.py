"""Question banks: what a question is, the file that it is written in, and its revisions."""
