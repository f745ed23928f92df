"""Banks of questions: the types, the bank file, its checker, revisions, import and export."""
