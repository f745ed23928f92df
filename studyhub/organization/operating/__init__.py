"""What an operator does: back up, restore, and ask whether all is well."""
