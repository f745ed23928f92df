"""The document's own title, above its first question: what a bank that is made of it is called."""

from __future__ import annotations

import re

from studyhub.questions.formats.layout.entry import Document
from studyhub.questions.formats.layout.line import Line

_SHORTEST, _LONGEST = 4, 60
_DECORATION = re.compile(r"^[\s#*]+|[\s*]+$")
_NO_TITLE = re.compile(
    r"[。:;?!,_\U000f0000-\U000ffffd]|"
    r"^\s*[(\[【]?(?:材料|案例|资料|背景|阅读|附件|附录|姓名|单位|部门|说明|注意|答题|考试时间|时间|满分|总分|得分|目录)"
)
"""A sentence, a form to fill in, an instruction, a text to read; something held, such as a picture."""


def title_of(document: Document) -> tuple[Line, str] | None:
    """The first line above all questions that reads like a title, and its words; None without one."""
    numbers = [
        line.number
        for entry in document.entries
        for line in (*(entry.material.lines if entry.material else ()), *entry.source)
    ]
    first = min(numbers, default=0)
    for line in document.outside:
        text = _DECORATION.sub("", line.text)
        if line.number < first and _SHORTEST <= len(text) <= _LONGEST and not _NO_TITLE.search(line.half):
            return line, text
    return None
