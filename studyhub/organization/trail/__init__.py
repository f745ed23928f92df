"""The audit trail after its rows are written: sealing, checking and reading."""
