"""Sittings: start, answer, take over, submit, expire, void, review."""
