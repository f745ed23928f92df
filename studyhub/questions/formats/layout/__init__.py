"""The usual Chinese layout of questions: numbered stems, lettered options, labelled answers, headings.

Formats give lines (`line.py`); `division.py` divides them into sections of entries, `keys.py` reads the
answers at the end, `question.py` makes an item of each entry. Every guess that may be wrong is a doubt.
"""
