"""Which column of a sheet is which: our names, and what people write over them in Chinese and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

OPTION, FEEDBACK = "option ", "feedback "
IGNORED = ""

_SPELLINGS = {
    "id": "id, 标识, 题目id, 试题id, code, identifier",
    "type": "type, 题型, 类型, 题目类型, 试题类型, 题目类别, 试题类别, question type",
    "prompt": "prompt, 题干, 题目, 试题, 考题, 题目内容, 试题内容, 问题, question, question stem, "
    "question text",
    "options": "options, 选项, 备选项, 备选答案, choices",
    "answer": "answer, 答案, 正确答案, 标准答案, 参考答案, 正确选项, key, correct answer",
    "explanation": "explanation, 解析, 答案解析, 试题解析, 题目解析, 解释, 说明, feedback, rationale",
    "points": "points, 分值, 分数, 分, 题目分值, score, mark, marks",
    "difficulty": "difficulty, 难度, 难易程度, 难易度, 难度系数, level",
    "tags": "tags, 标签, 知识点, 考点, 分类, 类别, 章节, category, topic, tag",
    "tolerance": "tolerance, 误差, 允许误差, 容差",
    "unit": "unit, 单位",
    "marking": "marking, 计分, 计分规则, 评分规则, 得分规则",
    "order": "order, 填空顺序, 各空顺序",
    "case": "case, 大小写, 区分大小写",
    "pairs": "pairs, 配对, 连线, 匹配, matches",
    "distractors": "distractors, 干扰项",
    "passage": "passage, 材料, 所属材料, 背景材料, 阅读材料, 案例",
    "variables": "variables, 变量",
    "items": "items, 排序, 正确顺序, 排序项, steps",
    "rubric": "rubric, 评分要点, 评分标准, 得分点",
    "model_answer": "model_answer, 范文, 示范答案, model answer",
    "max_chars": "max_chars, 字数, 字数上限, 最多字数, max length",
    "document": "document, 来源, 出处, 依据, 文件, source",
    "article": "article, 条款, 条文",
    "version": "version, 版本, 文件版本",
    "review_by": "review_by, 复核日期, 复审日期, 有效期至, review by",
    "retired": "retired, 停用, 已停用",
    "shuffle": "shuffle, 打乱, 选项乱序, 随机选项",
}
_COUNTING = frozenset({"序号", "编号", "题号", "题目编号", "试题编号", "no", "number", "nr"})
"""Columns that count the rows: no identity, for the next file counts otherwise."""

NAMES: tuple[str, ...] = (
    *_SPELLINGS,
    *(OPTION + letter for letter in ascii_uppercase),
    *(FEEDBACK + letter for letter in ascii_uppercase),
)
"""Every column that a sheet may have."""

_OPTION = re.compile(
    r"(?:选项|选择|备选项|备选答案|option|choice|答案选项)?([a-z]|[1-9]|1\d|2[0-6])(?:选项|项|option)?"
)
_FEEDBACK = re.compile(r"(?:选项|option)?([a-z])(?:反馈|feedback)|(?:反馈|feedback)([a-z])")


@dataclass(frozen=True, slots=True)
class Binding:
    """The columns of a sheet: `bound` says by index what each holds, `strange` are the other headers."""

    bound: Mapping[int, str]
    strange: Mapping[int, str]

    @property
    def can_be_read(self) -> bool:
        return "prompt" in self.bound.values()


def bind(header: Sequence[str], chosen: Mapping[str, str]) -> Binding:
    """The columns under these headers. `chosen` says of a header what it is (or IGNORED), before we guess."""
    bound: dict[int, str] = {}
    strange: dict[int, str] = {}
    for at, text in enumerate(header):
        if not text:
            continue
        name = chosen[text] if text in chosen else meant(text)
        if name == IGNORED and (text in chosen or _plain(text) in _COUNTING):
            continue
        if name and name not in bound.values():
            bound[at] = name
        else:
            strange[at] = text
    return Binding(bound, strange)


def holding(keys: Sequence[str]) -> tuple[str, ...]:
    """The columns in which the value may stand that these keys of a question lead to, likeliest first."""
    first, *rest = keys
    if first == "options" and rest:
        return (FEEDBACK + rest[0] if rest[1:] == ["feedback"] else OPTION + rest[0], "options")
    if first == "source" and rest:
        return (rest[0],)
    return (first, "answer") if first in ("pairs", "items", "model_answer", "tolerance") else (first,)


def meant(header: str) -> str:
    """The column that a header means; "" for none that is known."""
    plain = _plain(header)
    if plain in _MEANT:
        return _MEANT[plain]
    feedback = _FEEDBACK.fullmatch(plain)
    if feedback:
        return FEEDBACK + (feedback[1] or feedback[2]).upper()
    option = _OPTION.fullmatch(plain)
    if option:
        sign = option[1]
        return OPTION + (ascii_uppercase[int(sign) - 1] if sign.isdigit() else sign.upper())
    return ""


def _plain(header: str) -> str:
    text = unicodedata.normalize("NFKC", header).strip().casefold()
    # What stands in brackets at the end explains the word before it: 答案（必填）.
    text = re.sub(r"[(\[【].*$", "", text) if not text.startswith(("(", "[", "【")) else text
    return re.sub(r"[\s_*:\-.、#/]+", "", text)


def _meanings() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, spellings in _SPELLINGS.items():
        for word in spellings.split(", "):
            found.setdefault(_plain(word), name)
    return found


_MEANT = _meanings()
