"""A bank leaves as a file, in any format: what would come along is said first."""
