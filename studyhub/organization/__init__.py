"""Who there is: the tree of branches, members, what they may do, sign-in, and the audit trail."""
