"""Which column of a sheet is which: our names, and what people write over them in Chinese and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_uppercase

from studyhub.questions.formats.sheets.kinds import kind_named

OPTION, FEEDBACK = "option ", "feedback "
IGNORED = ""

Below = Callable[[int], Iterable[str]]
"""The cells below a header, by the index of its column."""

_SPELLINGS = {
    "id": "id, 标识, 题目id, 试题id, code, identifier",
    "type": "type, 题型, 题目类型, 试题类型, 题目题型, 试题题型, 小题题型, 题型名称, 题目种类, "
    "question type, 题目类别, 试题类别, 类型, 种类",
    "prompt": "prompt, 题干, 小题题干, 题目内容, 试题内容, 题干内容, 题目描述, 问题描述, question stem, "
    "question text, stem, question, 题目, 试题, 考题, 习题, 题面, 问题, 标题, 内容",
    "options": "options, 选项, 备选项, 备选答案, 候选项, 可选项, 全部选项, choices",
    "answer": "answer, 答案, 正确答案, 标准答案, 参考答案, 正确选项, 正确项, 答案选项, 正确答案选项, "
    "正确选项答案, 正解, 标答, 对的, 正确的, 客观题答案, key, correct answer, right answer, answer key",
    "explanation": "explanation, 解析, 答案解析, 试题解析, 题目解析, 整体解析, 详解, 答案详解, 解答, 题解, "
    "答案说明, 解释, 分析, 说明, feedback, rationale, analysis",
    "points": "points, 分值, 分数, 分, 得分, 满分, 题分, 每题分值, 单题分值, 题目分值, 建议分值, 默认分值, "
    "score, mark, marks",
    "difficulty": "difficulty, 难度, 难易程度, 难易度, 难度系数, 难度等级, 难度级别, 难度星级, level",
    "tags": "tags, 标签, 知识点, 考点, 知识标签, 分类, 类别, 章节, 目录, 单元, 模块, 专题, 主题, 领域, "
    "学科, 科目, 专业, 关键词, 关键字, 题库分类, 分类名称, "
    "category, categories, topic, tag, chapter, subject, keywords",
    "tolerance": "tolerance, 误差, 允许误差, 容差",
    "unit": "unit, 单位",
    "marking": "marking, 计分, 计分规则, 评分规则, 得分规则",
    "order": "order, 填空顺序, 各空顺序",
    "case": "case, 大小写, 区分大小写",
    "pairs": "pairs, 配对, 连线, 匹配, matches",
    "distractors": "distractors, 干扰项",
    "passage": "passage, 材料, 所属材料, 背景材料, 阅读材料, 案例, 大题题干, 材料内容",
    "variables": "variables, 变量",
    "items": "items, 排序, 正确顺序, 排序项, steps",
    "rubric": "rubric, 评分要点, 评分标准, 得分点",
    "model_answer": "model_answer, 范文, 示范答案, model answer",
    "max_chars": "max_chars, 字数, 字数上限, 最多字数, max length",
    "document": "document, 来源, 出处, 依据, 文件, 参考依据, 出题依据, 命题依据, source",
    "article": "article, 条款, 条文",
    "version": "version, 版本, 文件版本",
    "review_by": "review_by, 复核日期, 复审日期, 有效期至, review by",
    "retired": "retired, 停用, 已停用",
    "verbatim": "verbatim, 题干照录, 照录",
    "shuffle": "shuffle, 打乱, 选项乱序, 随机选项",
}
"""What people write over each column, the surest first: of two such columns the surer one is it."""

_COUNTING = frozenset({
    "序号", "编号", "题号", "行号", "题序", "序", "题目编号", "试题编号", "试题序号", "题目序号", "原题号",
    "no", "number", "nr", "选项数", "选项个数", "选项数量",
})  # fmt: skip
"""Columns that count: no identity, for the next file counts otherwise."""

_TYPE_OR_TAGS = frozenset(
    {"类别", "类型", "种类", "分类", "题目类别", "试题类别", "题目分类", "试题分类", "category"}
)
"""Words for the type of a question as well as for what it is about: the cells below tell."""

NAMES: tuple[str, ...] = (
    *_SPELLINGS,
    *(OPTION + letter for letter in ascii_uppercase),
    *(FEEDBACK + letter for letter in ascii_uppercase),
)
"""Every column that a sheet may have."""

_HAN, _STEMS = "一二三四五六七八九十", "甲乙丙丁戊己庚辛壬癸"
_SIGN = rf"[a-z]|[1-9]|1\d|2[0-6]|0|[{_HAN}{_STEMS}]"
_WORDS = "选项|选择|选择项|备选项|备选答案|备选|候选项|答案选项|选择支|option|choice"
_OPTION = re.compile(
    rf"(?:{_WORDS})({_SIGN})(?:选项|项|option)?|([a-z]|[1-9]|1\d|2[0-6])(?:选项|项|option)?|答案([a-z])"
)
_FEEDBACK = re.compile(r"(?:选项|option)?([a-z])(?:项)?(?:反馈|解析|说明|feedback)|(?:反馈|feedback)([a-z])")
_ABOUT = re.compile(r"^(?:试题|题目|考题|习题|本题|该题|所属)(?:的)?")
_NAMED = re.compile(r"(?:名称|内容|信息|列)$")
_LEVEL, _LEVELLING = "[一二三四五六1-6]", "(?:知识点|考点|分类|目录|类别)"
_LEVELLED = re.compile(rf"{_LEVELLING}(?:{_LEVEL}级|[1-6])|{_LEVEL}级{_LEVELLING}")
_LEGEND = re.compile(
    r"(?<![\dA-Za-z.])(\d{1,2}|[A-Za-z])\s*[-=:：、.．]?\s*([^\dA-Za-z\s,，;；、。/|()（）=:：-]+)"
)


@dataclass(frozen=True, slots=True)
class Binding:
    """The columns of a sheet: `bound` says by index what each holds, `strange` are the other headers.
    Tags may stand in several columns, anything else in one."""

    bound: Mapping[int, str]
    strange: Mapping[int, str]

    @property
    def can_be_read(self) -> bool:
        return "prompt" in self.bound.values()


def bind(header: Sequence[str], chosen: Mapping[str, str], below: Below | None = None) -> Binding:
    """The columns under these headers. `chosen` says of a header what it is (or IGNORED), before we guess;
    `below` gives the cells of a column, where what stands there must tell."""
    found: dict[str, list[tuple[int, int]]] = {}
    strange: dict[int, str] = {}
    from_zero = any(map(counts_from_zero, header))
    for at, text in enumerate(header):
        if not text:
            continue
        name, rank = (chosen[text], -1) if text in chosen else _ranked(text, from_zero)
        if name:
            found.setdefault(name, []).append((rank, at))
        elif text not in chosen and _plain(text) not in _COUNTING:
            strange[at] = text
    if below is not None:
        _tell_types_from_tags(found, header, chosen, below)
    bound: dict[int, str] = {}
    for name, places in found.items():
        wanted = places if name == "tags" else [min(places)]
        bound |= {at: name for _rank, at in wanted}
        strange |= {at: header[at] for _rank, at in places if at not in bound}
    return Binding(dict(sorted(bound.items())), dict(sorted(strange.items())))


def _tell_types_from_tags(
    found: dict[str, list[tuple[int, int]]], header: Sequence[str], chosen: Mapping[str, str], below: Below
) -> None:
    """类别 holds types where each of its cells is the word for one, and nothing else says the type."""
    unsure = [
        (name, place) for name in ("type", "tags") for place in found.get(name, ())
        if header[place[1]] not in chosen and _plain(header[place[1]]) in _TYPE_OR_TAGS
    ]  # fmt: skip
    for name, place in unsure:
        found[name].remove(place)
    for _name, place in unsure:
        words = [word for word in below(place[1]) if word]
        types = not found.get("type") and bool(words) and all(kind_named(word) is not None for word in words)
        found.setdefault("type" if types else "tags", []).append(place)
    for name in ("type", "tags"):
        if not found.get(name, True):
            del found[name]


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
    return _ranked(header, from_zero=False)[0]


@lru_cache(maxsize=256)
def counts_from_zero(header: str) -> bool:
    """Whether it is the first of options that are counted 0, 1, 2 …"""
    return _sign(_plain(header)) == "0"


def word_for(name: str) -> str:
    """What people call a column in Chinese."""
    if name.startswith(OPTION):
        return "选项" + name[-1]
    return "反馈" + name[-1] if name.startswith(FEEDBACK) else _SPELLINGS[name].split(", ")[1]


@lru_cache(maxsize=256)
def legend(header: str) -> Mapping[str, str]:
    """What a header says of the signs below it: 题型（1单选 2多选）."""
    inside = unicodedata.normalize("NFKC", header).partition("(")[2]
    return {sign.upper(): word for sign, word in _LEGEND.findall(inside)}


def _ranked(header: str, from_zero: bool) -> tuple[str, int]:
    """The column that a header means, and how surely: the smaller the surer."""
    plain = _plain(header)
    if plain in _COUNTING:
        return "", 0
    shorter = _ABOUT.sub("", plain)
    for weaker, word in enumerate((plain, shorter, _NAMED.sub("", plain), _NAMED.sub("", shorter))):
        name, rank = _MEANT.get(word, ("", 0))
        name = name or _lettered(word, from_zero) or ("tags" if _LEVELLED.fullmatch(word) else "")
        if name:
            return name, rank + 100 * weaker
    return "", 0


def _lettered(plain: str, from_zero: bool) -> str:
    """The column of an option or of its feedback."""
    feedback = _FEEDBACK.fullmatch(plain)
    if feedback:
        return FEEDBACK + (feedback[1] or feedback[2]).upper()
    sign = _sign(plain)
    if not sign:
        return ""
    counted = next((signs.index(sign) for signs in (_HAN, _STEMS) if sign in signs), None)
    if sign.isdigit():
        counted = int(sign) - (not from_zero)
    if counted is None:
        return OPTION + sign.upper()
    return OPTION + ascii_uppercase[counted] if 0 <= counted < len(ascii_uppercase) else ""


def _sign(plain: str) -> str:
    """The letter or number by which a header names an option; "" for another header."""
    option = _OPTION.fullmatch(plain)
    return (option[1] or option[2] or option[3]) if option else ""


def _plain(header: str) -> str:
    text = unicodedata.normalize("NFKC", header).strip().casefold()
    # What stands in brackets explains the word beside it: 答案（必填）, （必填）答案.
    text = re.sub(r"^[(\[【][^)\]】]*[)\]】]\s*(?=.)", "", text, flags=re.S)
    text = re.sub(r"[(\[【].*$", "", text, flags=re.S) if not text.startswith(("(", "[", "【")) else text
    return re.sub(r"[\s_*:\-.、#/?]+", "", text)


def _meanings() -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for name, spellings in _SPELLINGS.items():
        for rank, word in enumerate(spellings.split(", ")):
            found.setdefault(_plain(word), (name, rank))
    return found


_MEANT = _meanings()
