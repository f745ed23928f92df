"""Members: their file, their branch, status and roles, and the pages about them."""
