"""The parts of one entry: its stem, its options, and what stands behind labels (答案, 解析, 难度 …)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase

from studyhub.questions.formats.layout import signs
from studyhub.questions.formats.layout.line import PLAIN, Line, trimmed

_TICK_BEFORE = re.compile(r"(?:^|(?<=\s))[*√✓✔][^\S\n]*\Z", re.M)
_TICK_AFTER = re.compile(r"\s*(?:[√✓✔]|\(\s*(?:正确(?:答案|选项)?|答案|√|✓)\s*\)|\*)\s*$")
_STYLES = {
    "point": r"(?<![A-Za-z0-9(\[])[L]\s*[.、:](?![A-Za-z]*\.[a-z])",
    "comma": r"(?:^|(?<=\s))[L]\s*,",
    "paren": r"(?<![A-Za-z0-9(])[L]\s*\)",
    "brackets": r"\(\s*[L]\s*\)[ .、:]*",
    "square": r"\[\s*[L]\s*\]",
    "space": r"(?:^|(?<=\s\s)|(?<=\t))[L](?:\s+(?=\S)|(?=[\u4e00-\u9fff《“]))",
}
_UPPER = {name: re.compile(pattern.replace("L", "A-Z"), re.M) for name, pattern in _STYLES.items()}
_LOWER = {
    name: re.compile(_STYLES[name].replace("L", "a-z"), re.M)
    for name in ("point", "paren", "brackets", "square")
}
_LOOSE = re.compile(r"(?:^|(?<=\s))[A-Z]\s+(?=[\u4e00-\u9fff\d《“])", re.M)
_ANSWERS = re.compile(r"[(【\[]\s*[A-Z](?:[\s,、;/]*[A-Z])+\s*[)】\]]")
"""Several letters in a bracket are an answer, and none of them is an option's."""

_ONE_LINE = frozenset({"difficulty", "points", "kind", "tags", "aside"})
_LETTER = re.compile("[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Option:
    letter: str
    line: Line
    ticked: bool
    sign: Line = field(default_factory=lambda: Line(""))
    """the letter as it stands, for its colour"""

    def set_apart(self, mark: int) -> bool:
        """Whether its text, or its letter, has this mark."""
        letter = _LETTER.search(self.sign.half)
        own = self.sign.part(*letter.span()) if letter else self.sign
        return self.line.set_apart(mark) or own.set_apart(mark)


@dataclass(slots=True)
class Parts:
    stem: Line
    options: list[Option] = field(default_factory=list)
    fields: dict[str, list[Line]] = field(default_factory=dict)
    regular: bool = True
    """whether the letters are A, B, C … without a gap or a twin"""
    trailing: bool = False
    """whether the last option goes on in lines of its own, unlike the others"""
    repeated: bool = False
    """whether there is more than one 答案"""

    def text(self, name: str) -> str:
        return "\n".join(line.text.strip() for line in trimmed(self.fields.get(name, ())))


@dataclass(frozen=True, slots=True)
class _Sign:
    letter: str
    start: int
    end: int
    at_start: bool
    spaced: bool


def parts_of(lines: Sequence[Line], kind: str = "") -> Parts:
    """Take an entry apart; `kind` is the type that its heading names."""
    body: list[Line] = []
    fields: dict[str, list[Line]] = {}
    repeated = False
    name = ""
    for line in lines:
        if name and _options_begin(line, body):
            name = ""
        for label, piece in _pieces(line):
            if label:
                repeated |= label == "answer" and bool(trimmed(fields.get("answer", ())))
                name = label
                fields.setdefault(name, [])
            (fields[name] if name else body).append(piece)
        name = "" if name in _ONE_LINE else name
    return _with_options(concatenated(trimmed(body)), fields, repeated, kind)


def _options_begin(line: Line, body: Sequence[Line]) -> bool:
    """Whether options come below the answer, as in some books."""
    letter = signs.letter(line)
    if letter is None or letter.letter != "A" or not letter.firm:
        return False
    return not any(_chain(concatenated(body).half, pattern) for pattern in _UPPER.values())


def _pieces(line: Line) -> Iterator[tuple[str, Line]]:
    """The line cut at its labels; what stands before the first has none."""
    found = signs.labels(line)
    first = found[0].start if found else None
    before = line.part(0, first)
    if not found or not before.blank:
        yield "", before
    for at, label in enumerate(found, 1):
        yield label.name, line.part(label.end, found[at].start if at < len(found) else None)


def concatenated(lines: Sequence[Line]) -> Line:
    text = "\n".join(line.text for line in lines)
    marks = ""
    if any(line.marks for line in lines):
        marks = PLAIN.join(line.marks or PLAIN * len(line.text) for line in lines)
    return Line(text, lines[0].number if lines else 0, marks)


def _with_options(body: Line, fields: dict[str, list[Line]], repeated: bool, kind: str) -> Parts:
    half = _ANSWERS.sub(lambda found: " " * len(found[0]), body.half)
    chain = max((_chain(half, _UPPER[name]) for name in _STYLES if name != "space"), key=len)
    chain = chain or _chain(body.half, _UPPER["space"]) or _parted_by_blanks(body.half)
    if not chain and kind not in ("truefalse", "blank"):
        chain = max((_chain(body.half, pattern) for pattern in _LOWER.values()), key=len)
    if not chain:
        return Parts(body, fields=fields, repeated=repeated)
    options, starts = [], []
    for sign in chain:
        tick = _TICK_BEFORE.search(body.half, 0, sign.start)
        starts.append(tick.start() if tick and tick.end() == sign.start else sign.start)
    for at, sign in enumerate(chain):
        end = starts[at + 1] if at + 1 < len(chain) else None
        line, letter = body.part(sign.end, end), body.part(sign.start, sign.end)
        options.append(_option(sign.letter, line, letter, ticked=starts[at] < sign.start))
    letters = "".join(option.letter for option in options)
    regular = letters == ascii_uppercase[: len(letters)]
    return Parts(body.part(0, starts[0]), options, fields, regular, _trails(options), repeated)


def _parted_by_blanks(half: str) -> list[_Sign]:
    """`A 学习 B 执行 C 维护`, in a line of its own or in cells: three letters in order at the least."""
    chain = _chain(half, _LOOSE)
    return chain if len(chain) > 2 and chain[0].at_start else []


def _option(letter: str, line: Line, sign: Line, *, ticked: bool) -> Option:
    if line.half.endswith((";", ",")):
        line = line.part(0, len(line.half.rstrip(" ;,")))
    after = _TICK_AFTER.search(line.half)
    if after and line.half[: after.start()].strip():
        return Option(letter, line.part(0, after.start()), True, sign)
    return Option(letter, line, ticked, sign)


def _trails(options: Sequence[Option]) -> bool:
    return "\n" in options[-1].line.text and not any("\n" in option.line.text for option in options[:-1])


def _chain(half: str, pattern: re.Pattern[str]) -> list[_Sign]:
    """The signs of the options in this style: A, B, C …, and any others that stand like them."""
    found = [_sign(half, match) for match in pattern.finditer(half)]
    firsts = sorted((sign for sign in found if sign.letter == "A"), key=lambda sign: not sign.at_start)
    chains = [_from(first, found) for first in firsts[:8]]
    chain = max(chains, key=len, default=[])
    if len(chain) < 2 and not _listed_below(chain, found):
        return []
    if chain[0].at_start:
        strays = [s for s in found if s.at_start and s.start > chain[0].start and s not in chain]
        chain = sorted([*chain, *strays], key=lambda sign: sign.start)
    return chain


def _listed_below(chain: Sequence[_Sign], found: Sequence[_Sign]) -> bool:
    """A and C without B, each at the beginning of its line, are options all the same."""
    return bool(chain) and chain[0].at_start and sum(sign.at_start for sign in found) > 2


def _from(first: _Sign, found: Sequence[_Sign]) -> list[_Sign]:
    chain = [first]
    while len(chain) < len(ascii_uppercase):
        wanted = ascii_uppercase[len(chain)]
        following = [s for s in found if s.letter == wanted and s.start >= chain[-1].end]
        if not following:
            break
        # At the beginning of a line first: `B.` within the text of option A is no option then.
        chain.append(min(following, key=lambda s: (not s.at_start, not s.spaced, s.start)))
    return chain


def _sign(half: str, match: re.Match[str]) -> _Sign:
    start = match.start()
    line_start = half.rfind("\n", 0, start) + 1
    before = half[line_start:start]
    letter = _LETTER.search(match[0])
    assert letter is not None
    at_start = not before.strip(" *√✓✔")
    return _Sign(letter[0].upper(), start, match.end(), at_start, before.endswith(" "))
