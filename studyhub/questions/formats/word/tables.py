"""Tables of a document (answers, questions in rows, options in cells) → lines of the usual layout."""

from __future__ import annotations

import re
from collections.abc import Sequence

from studyhub.questions.formats.layout import signs
from studyhub.questions.formats.layout.line import Line

Cell = Sequence[Line]
Row = Sequence[Cell]

_COLUMNS = {
    "stem": r"题干|题目|试题|题目内容|试题内容|题目描述|问题",
    "kind": r"题型|试题类型|题目类型|类型",
    "answer": r"(?:正确|参考|标准)?答案",
    "explanation": r"(?:答案|试题)?解析|说明|解释",
    "difficulty": r"难度|难易程度",
    "points": r"分值|分数",
    "tags": r"知识点|考点|标签",
    "source": r"(?:试题|题目)?(?:出处|来源)|依据",
    "number": r"序号|题号|编号|No\.?",
    "option": r"(?:选项|答案)?\s*([A-H])\s*(?:选项|项)?",
    "options": r"选项|备选项|备选答案",
}
_PATTERNS = {name: re.compile(pattern, re.I) for name, pattern in _COLUMNS.items()}
_ASKED = {"stem", "answer"}
_LABELS = {
    "answer": "答案",
    "explanation": "解析",
    "difficulty": "难度",
    "points": "分值",
    "tags": "知识点",
    "source": "出处",
}


def lines_of(rows: Sequence[Row]) -> list[Line]:
    """The table as lines: each row of questions as one, or questions down its second column; anything else
    cell by cell."""
    columns = _columns(rows[0]) if len(rows) > 1 else {}
    if set(columns.values()) >= _ASKED:
        return [line for at, row in enumerate(rows[1:], 1) for line in _question(row, columns, at)]
    cards = _cards(rows) if all(len(row) == 2 for row in rows) else []
    if cards:
        return [line for at, (row, down) in enumerate(cards, 1) for line in _question(row, down, at)]
    return [line for row in rows for line in _plain(row)]


def stays(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table of these texts is read row by row, and for no questions."""
    cells = [[[Line(text)] for text in row] for row in rows]
    return lines_of(cells) == [line for row in cells for line in _plain(row)]


def left_out(rows: Sequence[Row]) -> list[str]:
    """The titles of the columns beside questions of which nobody knows what they hold, where they hold it."""
    columns = _columns(rows[0]) if len(rows) > 1 else {}
    if not set(columns.values()) >= _ASKED:
        return []
    unknown = (at for at in range(max(map(len, rows))) if at not in columns)
    return [
        _text(rows[0][at]) if at < len(rows[0]) else ""
        for at in unknown
        if any(at < len(row) and _text(row[at]) for row in rows[1:])
    ]


def _columns(head: Row) -> dict[int, str]:
    """What each column holds: a name of `_COLUMNS`, or the letter of its option."""
    found: dict[int, str] = {}
    for at, cell in enumerate(head):
        title = _text(cell)
        for name, pattern in _PATTERNS.items():
            match = pattern.fullmatch(title)
            if match and (name != "option" or match[1]):
                found[at] = match[1].upper() if name == "option" else name
                break
    return found


def _cards(rows: Sequence[Row]) -> list[tuple[list[Cell], dict[int, str]]]:
    """Questions below each other, with what each cell is on its left; none where a cell is nothing known."""
    names = _columns([row[0] for row in rows])
    cards: list[tuple[list[Cell], dict[int, str]]] = []
    for at, (left, right) in enumerate(rows):
        if at not in names:
            if _text(left) or _text(right):
                return []
            continue
        if not cards or names[at] in cards[-1][1].values():
            cards.append(([], {}))
        cells, known = cards[-1]
        known[len(cells)] = names[at]
        cells.append(right)
    return cards if all(set(known.values()) >= _ASKED for _cells, known in cards) else []


def _question(row: Row, columns: dict[int, str], at: int) -> list[Line]:
    cells = {name: row[place] for place, name in columns.items() if place < len(row)}
    stem = [line for line in cells.get("stem", ()) if not line.blank]
    if not stem:
        return []
    kind = _text(cells.get("kind", ()))
    number = _text(cells.get("number", ()))
    head = f"{number if number.isdigit() else at}. " + (f"【{kind}】" if kind else "")
    typed = signs.number(stem[0])
    lines = [stem[0].replaced(0, typed.end if typed and not typed.decimal else 0, head), *stem[1:]]
    for letter in sorted(name for name in cells if len(name) == 1):
        option = [line for line in cells[letter] if not line.blank]
        if option:
            lines += [option[0].replaced(0, 0, f"{letter}. "), *option[1:]]
    lines += [line for line in cells.get("options", ()) if not line.blank]
    for name, label in _LABELS.items():
        said = [line for line in cells.get(name, ()) if not line.blank]
        if said:
            lines += [said[0].replaced(0, 0, f"{label}："), *said[1:]]
    return lines


def _plain(row: Row) -> list[Line]:
    """Cells of one line each stand on one line, with tabs between; others one below the other."""
    if all(sum(not line.blank for line in cell) <= 1 for cell in row):
        parts = [next((line for line in cell if not line.blank), Line("")) for cell in row]
        text = "\t".join(part.text for part in parts)
        marks = "0".join(part.marks or "0" * len(part.text) for part in parts)
        number = next((part.number for part in parts if part.number), 0)
        remarks = tuple(remark for part in parts for remark in part.remarks)
        return [Line(text, number, marks if marks.strip("0") else "", remarks)]
    return [line for cell in row for line in cell]


def _text(cell: Cell) -> str:
    return " ".join(line.half.strip() for line in cell if not line.blank)
