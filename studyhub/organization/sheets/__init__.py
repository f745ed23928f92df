"""Reading what admins keep in Excel: a CSV, XLSX or XLS file as numbered rows of text. Pure."""
