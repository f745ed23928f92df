"""What is done to many questions of a bank at once, each act with its way back."""
