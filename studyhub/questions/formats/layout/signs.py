"""The signs at the beginning of a line and within it: numbers, letters of options, labels, headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from studyhub.questions.formats.layout.line import Line

HAN = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_BRACKETED = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
_DOTTED = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"
_ONE_SIGN = {sign: (style, at) for style, signs in
             (("circle", _CIRCLED), ("bracketed", _BRACKETED), ("dotted", _DOTTED))
             for at, sign in enumerate(signs, 1)}  # fmt: skip

_NUMBERS: Final = (
    ("ordinal", re.compile(r"第\s*(\d{1,5})\s*[题問问][ .、:：]*")),
    ("brackets", re.compile(r"\(\s*(\d{1,5})\s*\)[ .、:]*")),
    ("square", re.compile(r"\[\s*(\d{1,5})\s*\][ .、:]*")),
    ("point", re.compile(r"(\d{1,5})\s*(?:[.、:]|\)(?!\())[ .、]*")),
    ("blank", re.compile(r"(\d{1,5})\s+(?=\D)")),
)
_SOFT = re.compile(r"(?:题目?|Q)\s*(\d{1,5})\s*[.、:)]\s*", re.I)
_HAN_NUMBER = re.compile(rf"([{HAN}]{{1,3}})\s*[、.:]\s*")
_FIRST_OF_NUMBERS = frozenset(f"0123456789([第题Qq{HAN}")
_DECIMAL = re.compile(r"\d{1,5}\.\d+(?![\d.])(?!年)")


@dataclass(frozen=True, slots=True)
class Number:
    """The number of a stem: how it is written, its value, and where the stem begins behind it."""

    style: str
    value: int
    end: int
    decimal: bool = False
    """whether it may as well be the beginning of a decimal fraction"""


def number(line: Line) -> Number | None:
    """What may be the number of a stem at the beginning of the line."""
    half = line.half
    at = len(half) - len(half.lstrip())
    first = half[at : at + 1]
    if first in _ONE_SIGN:
        style, value = _ONE_SIGN[first]
        return Number(style, value, at + 1)
    if first not in _FIRST_OF_NUMBERS:
        return None
    for style, pattern in (*_NUMBERS, ("ordinal", _SOFT)):
        found = pattern.match(half, at)
        if found:
            return Number(style, int(found[1]), found.end(), _DECIMAL.match(half, at) is not None)
    found = _HAN_NUMBER.match(half, at)
    return Number("han", han_value(found[1]), found.end()) if found else None


def han_value(numeral: str) -> int:
    """十一 → 11, 二十三 → 23."""
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return HAN.index(numeral[-1]) + 1
    return (HAN.index(tens[-1]) + 1 if tens else 1) * 10 + (HAN.index(ones[0]) + 1 if ones else 0)


_OPTION = re.compile(
    r"(?:(?P<right>[*√✓✔])\s*)?(?:\(\s*(?P<a>[A-Za-z])\s*\)[ .、:]*|\[(?P<c>[A-Za-z])\]\s*"
    r"|(?P<b>[A-Za-z])\s*[.、:),]\s*|(?P<d>[A-Z])\s+(?=\S)|(?P<e>[A-Z])(?=[\u4e00-\u9fff《“]))"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter of an option: which one, and where its text begins behind it."""

    letter: str
    start: int
    end: int
    ticked: bool = False
    firm: bool = True
    """whether a sign follows it: `A.`, not only `A` before a word"""
    upper: bool = True


@lru_cache(maxsize=64)
def letter_at(half: str, at: int = 0) -> Letter | None:
    found = _OPTION.match(half, at)
    if not found:
        return None
    letter = found["a"] or found["b"] or found["c"] or found["d"] or found["e"]
    return Letter(
        letter.upper(),
        at,
        found.end(),
        bool(found["right"]),
        not (found["d"] or found["e"]),
        letter.isupper(),
    )


def letter(line: Line) -> Letter | None:
    """What may be the letter of an option at the beginning of the line."""
    return letter_at(line.half, len(line.half) - len(line.half.lstrip()))


_NAMES: Final = {
    "answer": r"(?:参考|正确|标准|试题|本题)?答案(?:为|是|要点)?|(?:答题|参考)要点|(?:正确|参考|标准)选项|答|"
    r"ANSWERS?|KEY",
    "explanation": r"评分(?:标准|要点|细则|说明)|(?:答案|试题|题目|参考)?(?:解析|详解|解释|分析)|答案说明|"
    r"改正|更正|EXPLANATION",
    "difficulty": r"难易?(?:度|程度)(?:系数)?",
    "points": r"分值|分数|本题分值",
    "tags": r"知识点|考点|考查点|考核点|标签|关键词",
    "source": r"(?:试题|题目)?(?:出处|来源)|依据",
    "kind": r"题型|试?题类型",
    # What one person once gave to it, in what learning platforms export: no part of the question.
    "aside": r"[我你您]的(?:答案|得分)|[学考]生答案|本题得分|得分(?=\s*:\s*[\d.]+\s*分?\s*$)",
}
_LABELS = "|".join(f"(?P<{name}>{words})" for name, words in _NAMES.items())
_LABEL_BRACKETS = re.compile(rf"[【\[]\s*(?:{_LABELS})\s*[】\]]\s*:?\s*", re.I)
_LABEL_COLON = re.compile(rf"(?:{_LABELS})\s*:\s*", re.I)
_LABEL_BARE = re.compile(
    r"(?P<answer>(?:参考|正确|标准)?答案|答)\s+(?=[A-Z√×对错✓✗])|(?P<explanation>解析)\s+(?=\S)"
    r"|(?P<told>(?:参考|正确|标准|本题)?答案(?:为|是|选)?)\s*(?=[A-Z]{1,8}\s*[。.]?\s*$)"
)
_MAY_BE_LABEL = re.compile(r"[:】\]]|^\s*(?:答|解析|参考|正确|标准|本题)")
_BEFORE = frozenset(" \t\n。;)】]|?!.…√×")


@dataclass(frozen=True, slots=True)
class Label:
    name: str
    start: int
    end: int


def label_at(half: str, at: int) -> Label | None:
    """A label that begins exactly here."""
    for pattern in (_LABEL_BRACKETS, _LABEL_COLON, _LABEL_BARE):
        found = pattern.match(half, at)
        if found:
            name = str(found.lastgroup)
            return Label("answer" if name == "told" else name, at, found.end())
    return None


def labels(line: Line) -> Sequence[Label]:
    """All labels of a line: at its beginning, or behind a blank or the end of a sentence."""
    return _labels(line.half)


# A line is asked for its labels several times in a row.
@lru_cache(maxsize=64)
def _labels(half: str) -> Sequence[Label]:
    start = len(half) - len(half.lstrip())
    found: list[Label] = []
    if not _MAY_BE_LABEL.search(half):
        return ()
    for pattern in (_LABEL_BRACKETS, _LABEL_COLON):
        for match in pattern.finditer(half):
            at = match.start()
            if pattern is _LABEL_BRACKETS or at <= start or half[at - 1] in _BEFORE:
                found.append(Label(str(match.lastgroup), match.start(), match.end()))
    bare = label_at(half, start)
    if bare and all(one.start != bare.start for one in found):
        found.append(bare)
    return _apart(sorted(found, key=lambda one: one.start))


def _apart(found: list[Label]) -> list[Label]:
    kept: list[Label] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


_ESSAYS = (
    r"简答题?|问答题?|论述题?|案例分析题?|名词解释题?|(?:综合)?分析题|计算题?|应用题?|综合题?|主观题?|"
    r"实务题|写作题?|作文题?"
)
KINDS: Final = (
    ("multiple", r"多项?选(?:择)?题?"),
    ("indefinite", r"不定项选?择?题?"),
    ("single", r"单项?选(?:择)?题?"),
    ("truefalse", r"判断(?:正误|对错|改错)?题?|是非题?|正误判断题?"),
    ("blank", r"填空题?"),
    ("choice", r"选择题?"),
    ("passage", r"材料(?:分析)?题|阅读理解题?|资料分析题?"),
    ("essay", _ESSAYS),
    ("number", r"数[值字]题"),
    ("match", r"连线题?|匹配题?|配对题?"),
    ("order", r"排序题?"),
)
_KINDS = "|".join(f"(?P<{name}>{words})" for name, words in KINDS)
_KIND = re.compile(_KINDS)
_PREFIX = re.compile(
    rf"\s*(?:#{{1,6}}\s+)?\**\s*(?:第\s*[{HAN}\d]{{1,3}}\s*(?:部分|大题|章|节|卷|单元)[、.: ]*)?"
    rf"(?P<ordinal>(?:[{HAN}]{{1,3}}\s*[、.: ]|\([{HAN}]{{1,3}}\)|[IVX]{{1,4}}[.、]|\d{{1,2}}[.、])?)\s*"
)
_HEADING = re.compile(rf"[【\[《]?(?:{_KINDS})[】\]》]?(?:部分)?\s*(?P<rest>.*?)\**\s*")
_EACH = re.compile(r"每\s*(?:小)?\s*(题|空|道题?|个)\s*([\d.]+)\s*分|([\d.]+)\s*分\s*[/每]\s*(题|空)")
_TOGETHER = re.compile(r"[(\[【,;:、 ](?:本大?题|本部分|总|合)?[共计满分为]*\s*(\d+(?:\.\d+)?)\s*分(?!钟)")
_PLAIN_REST = re.compile(r"\s*(?:[(:。].*)?")


@dataclass(frozen=True, slots=True)
class Heading:
    """`kind` as in KINDS, "" when it names none; points of each question, or of each blank. `together` are
    the points of all its questions where those of each are not said."""

    kind: str
    points: str = ""
    per_blank: bool = False
    ordinal: str = ""
    together: str = ""


def heading(line: Line) -> Heading | None:
    """A line that says of which type the questions below it are."""
    half = line.half.strip()
    if not half or len(half) > 120 or not _KIND.search(half):
        return None
    prefix = _PREFIX.match(half)
    assert prefix is not None
    found = _HEADING.fullmatch(half, prefix.end())
    if not found:
        return None
    rest = found["rest"]
    # With 一、 in front the rest may be anything that does not ask; `1.` or nothing want brackets or the end.
    firm = prefix["ordinal"] and not prefix["ordinal"][0].isdigit()
    if not _PLAIN_REST.fullmatch(rest) and not (firm and len(rest) <= 40 and "?" not in rest):
        return None
    kind = next(name for name, _ in KINDS if found[name])
    points, per_blank = each(half)
    sums = [] if points else _TOGETHER.findall(half)
    return Heading(kind, points, per_blank, prefix["ordinal"], amount(sums[-1]) if sums else "")


def each(half: str) -> tuple[str, bool]:
    """The points of each question or blank that a heading names, and whether they are of a blank."""
    found = _EACH.search(half)
    if not found:
        return "", False
    points, unit = (found[2], found[1]) if found[2] else (found[3], found[4])
    return amount(points), unit == "空"


def amount(text: str) -> str:
    """A number of points as a bank file writes it, or "" when it is none."""
    try:
        number = Decimal(text)
    except ArithmeticError:
        return ""
    return format(number.normalize(), "f") if number > 0 else ""


def kind_word(text: str) -> tuple[str, str]:
    """The kind that a word such as 单选题 names, and the word; "" for none."""
    found = _KIND.fullmatch(text.strip())
    return (next(name for name, _ in KINDS if found[name]), found[0]) if found else ("", "")


_KEY_TITLE = re.compile(
    r"[#*\s【\[(《]*(?:附件?[:]?\s*)?[^。?!:,]{0,20}?(?:参考|标准|正确)?答案"
    r"(?:[及与和]?(?:试题)?(?:解析|详解|评分标准|说明))?(?:部分|一览表?|汇总|表)?[】\])》]*\s*[:]?[\s*]*"
)


def is_key_title(line: Line) -> bool:
    """Whether the line may stand above the answers of all questions: 参考答案."""
    half = line.half.strip()
    return len(half) <= 40 and _KEY_TITLE.fullmatch(half) is not None


_CHOICES = frozenset({"single", "multiple", "indefinite", "choice"})


def same_kind(one: str, other: str) -> bool:
    """Whether two headings name the same type, 选择题 standing for each kind of choice."""
    return one == other or ("choice" in (one, other) and {one, other} <= _CHOICES)
