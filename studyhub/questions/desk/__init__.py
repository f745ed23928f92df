"""The desk of the banks: one question, its history, its editor; and what is done to many at once."""
