"""A bank that begins on the desk, empty: its first question is written there."""
