"""What publishing an exam means: whom it reaches, said before it is done and after."""
