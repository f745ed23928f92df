"""The editor's desk: what there is, uploads, plans, publishing."""
