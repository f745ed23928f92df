"""Setting an exam by filling in a form."""
