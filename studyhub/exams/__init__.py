"""Exams: the blueprint, the draw, the paper, attempts and their answers, marking, and the review."""
