"""The exam file: its schema, reading it with every fault at once, and writing it back."""
