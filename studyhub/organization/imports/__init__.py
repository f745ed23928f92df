"""Files of branches and members on their way in: upload, plan or faults, apply."""
