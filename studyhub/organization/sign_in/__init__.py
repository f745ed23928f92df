"""Signing in: passwords, one-time activation codes, the throttle, sessions and their pages."""
