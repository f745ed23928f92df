"""The editor of one question: a form for each type, or its text; judged and shown while one types."""
