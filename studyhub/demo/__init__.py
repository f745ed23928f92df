"""The demo: a believable organisation, its content, and the command that serves it."""
