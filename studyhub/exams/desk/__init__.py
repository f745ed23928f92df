"""The admin's desk for exams: list, form, import, preview, attempts."""
