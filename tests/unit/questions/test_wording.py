"""Every code has its sentence, and no sentence is left over."""

from __future__ import annotations

import re
from pathlib import Path

import studyhub.questions
from studyhub.questions import wording

SOURCES = [
    path.read_text("utf-8")
    for path in Path(studyhub.questions.__file__).parent.rglob("*.py")
    if path.name not in ("wording.py", "views.py", "api.py")
]
CODES = re.compile(r'(?:\b(?:error|warn|told|Fault|_unreadable)\(|_at\(\w+, \w+, |code = )\s*"([a-z_0-9]+)"')
QUOTED = re.compile(r'"([a-z][a-z_0-9]+)"')


def test_every_code_that_is_reported_has_a_sentence() -> None:
    reported = {code for source in SOURCES for code in CODES.findall(source)}
    assert len(reported) > 40
    assert reported - set(wording.FAULTS) == set()


def test_no_sentence_and_no_hint_is_left_over() -> None:
    words = {word for source in SOURCES for word in QUOTED.findall(source)}
    assert set(wording.FAULTS) - words == set()
    assert set(wording.HINTS) - words == set()
