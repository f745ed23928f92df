"""StudyHub: study and assessment for organisations that are trees of branches."""
