"""The sentences of the codes of courses, in the reader's language."""
