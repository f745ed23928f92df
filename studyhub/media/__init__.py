"""Content-addressed files, and the text that people write: what questions and courses both show."""
