"""What every room uses and nothing else: pure Python, no framework, no input or output."""
