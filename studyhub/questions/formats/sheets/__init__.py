"""Sheets: a question in each row, as admins keep them in Excel, WPS and CSV files."""
