"""Long work as rows: queued at the edge, claimed by the ticker, run once, each in a process of its own."""
