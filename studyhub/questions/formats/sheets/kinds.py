"""The type and the difficulty of a question, in the words that people write into a cell."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from studyhub.questions.bank_keys import SPOKEN_DIFFICULTIES, SPOKEN_TYPES
from studyhub.questions.formats.layout import signs
from studyhub.questions.types import TYPES

_MORE_TYPES = {
    **dict.fromkeys(("选择", "选择题", "multiple choice", "choice"), ""),
    **dict.fromkeys(("single choice", "单选择题", "radio"), "single"),
    **dict.fromkeys(("不定项", "多选择题", "multiple response", "multi", "checkbox"), "multiple"),
    **dict.fromkeys(("是非", "是非题", "对错题", "判断正误", "judge", "judgement", "judgment"), "truefalse"),
    **dict.fromkeys(("fill in the blank", "fill in the blanks", "fill"), "blank"),
    **dict.fromkeys(("计算", "数字题"), "number"),
    **dict.fromkeys(("short answer", "主观题", "qa"), "essay"),
}
"""Words for types beside those of the bank file; "": the options and the answer tell which."""

_OF_HEADINGS = {"choice": "", "indefinite": "multiple", "passage": ""}
"""What headings of papers call types: 名词解释, 案例分析题."""

_DIFFICULTIES = {
    **SPOKEN_DIFFICULTIES,
    **dict.fromkeys(("偏易", "偏简单", "很易", "极易", "很简单", "初级", "入门", "基础", "simple"), "easy"),
    **dict.fromkeys(("普通", "中级", "中档", "标准", "normal", "middle", "moderate"), "medium"),
    **dict.fromkeys(("偏难", "很难", "极难", "非常难", "高级", "difficult"), "hard"),
}

WORDS = {
    "type": {
        "single": "单选题", "multiple": "多选题", "truefalse": "判断题", "blank": "填空题",
        "number": "数值题", "match": "连线题", "order": "排序题", "essay": "简答题", "passage": "材料题",
    },
    "difficulty": {"easy": "易", "medium": "中", "hard": "难"},
}  # fmt: skip
"""By column, what a Chinese sheet says for our words."""

_AROUND = re.compile(r"^[\[【(]|[\])】]$|^\d{1,2}[.、]\s*|[(（].*[)）]$")


@lru_cache(maxsize=1024)
def kind_named(word: str) -> str | None:
    """The type that a word means; "" where the other cells tell, None for no word that is known."""
    plain = unicodedata.normalize("NFKC", word).strip().casefold()
    plain = (_AROUND.sub("", plain) or plain).replace("_", " ") if plain not in SPOKEN_TYPES else plain
    if not plain or plain in TYPES:
        return plain
    known = SPOKEN_TYPES.get(plain) or _MORE_TYPES.get(plain)
    kind = "" if known is not None else signs.kind_word(plain)[0]
    return _OF_HEADINGS.get(kind, kind) if kind else known


@lru_cache(maxsize=1024)
def difficulty_named(word: str, levels: int) -> str:
    """The difficulty that a cell says; a share in per cent becomes a number, anything unknown stays.

    `levels`: the sheet counts its difficulties 1, 2, 3 … up to this (0: it does not).
    """
    plain = unicodedata.normalize("NFKC", word).strip().casefold()
    if levels and plain.isdigit():
        easy, hard = (1, 3) if levels <= 3 else (2, 4)
        return "easy" if int(plain) <= easy else "hard" if int(plain) >= hard else "medium"
    if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,4})?%", plain):
        return f"{Decimal(plain[:-1]) / 100:f}"
    return _DIFFICULTIES.get(plain) or _DIFFICULTIES.get(plain.removesuffix("题"), plain)
