"""The tree of branches: its file, its changes and its pages."""
