"""Where lists of answers stand among the lines of a document."""

from __future__ import annotations

from studyhub.questions.formats.layout import keys, signs
from studyhub.questions.formats.layout.entry import Document, Entry
from studyhub.questions.formats.layout.outlook import Outlook


class Keys:
    """The lists of answers that lie ahead. What was read before them tells them apart from questions."""

    def __init__(self, ahead: Outlook) -> None:
        self._ahead = ahead

    def end(self, at: int, document: Document, entry: Entry | None) -> int:
        """Where the list of answers that begins here ends; `at` when none does."""
        line = self._ahead.lines[at]
        own = self._ahead.letters[at]
        if signs.is_key_title(line) and not (own and own.firm) and self._follows(at, document):
            return self._end_of_titled(at + 1)
        if keys.of_kind(line)[0]:
            return self._end_of_lists(at)
        label = self._ahead.labels[at][0] if self._ahead.labels[at] else None
        if label and entry is not None and entry.awaits_lists:
            return at
        if label and label.name == "answer" and not line.half[: label.start].strip():
            line = line.part(label.end)
        if not keys.is_list(line) or (not label and entry is None):
            return at
        return self._end_of_lists(at)

    def _end_of_lists(self, at: int) -> int:
        end = at + 1
        while end < len(self._ahead.lines):
            line = self._ahead.lines[end]
            if not (line.blank or keys.is_list(line) or keys.of_kind(line)[0]):
                break
            end += 1
        return end

    def _follows(self, at: int, document: Document) -> bool:
        follows = self._ahead.following(at)
        if follows >= len(self._ahead.lines) or not document.entries:
            return False
        below = self._ahead.lines[follows]
        if keys.is_list(below) or keys.is_table_head(below) or keys.is_column_head(below):
            return True
        if self._ahead.headings[follows]:
            return True
        number = self._ahead.numbers[follows]
        if number is None:
            return False
        if number.style == "han":
            return True
        if keys.begins_with_answer(self._ahead.lines[follows].part(number.end)):
            return True
        if self._ahead.has_label(at, "explanation"):
            return False
        without = [each for each in document.sections[-1].entries if not each.answered]
        return number.value == 1 and len(without) > 1

    def _end_of_titled(self, start: int) -> int:
        """Up to the end, or to where questions go on (another paper in the same document)."""
        for at in range(start, len(self._ahead.lines)):
            number = self._ahead.numbers[at]
            if number is None or keys.begins_with_answer(self._ahead.lines[at].part(number.end)):
                continue
            if self._ahead.options_below(at, number.style):
                before = at - 1
                while before > start and (self._ahead.lines[before].blank or self._ahead.headings[before]):
                    before -= 1
                return before + 1
        return len(self._ahead.lines)
