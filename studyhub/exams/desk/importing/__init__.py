"""Setting an exam by a file: its mistakes, then its plan, then just that."""
