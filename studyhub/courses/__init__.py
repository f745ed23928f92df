"""Courses: chapters of lessons (micro-videos and readings), and how far each member has come."""
