"""The fix-it desk: what is doubtful in an upload is decided by a person, and remembered for the next."""
