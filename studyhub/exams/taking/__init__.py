"""The pages on which a member sits an exam and looks at the result. Scripts use `attempts/api.py` instead."""
