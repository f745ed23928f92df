"""The JSON Schema of the exam file, for editors that complete and check while typing.

The checker is the judge and says more; the schema keeps a writer from most mistakes before that.
"""

from __future__ import annotations

from typing import Any

from studyhub.exams.file.grammar import RESERVED
from studyhub.exams.file.reading import (
    MOST_ATTEMPTS,
    MOST_MINUTES,
    MOST_QUESTIONS,
    MOST_SECTIONS,
    UNLIMITED,
)
from studyhub.exams.file.rules import NOT_BUILT
from studyhub.exams.release import Release
from studyhub.exams.states import ExamState, Keep
from studyhub.questions.difficulty import Band
from studyhub.questions.fields import SLUG
from studyhub.questions.schema import DRAFT, not_one_of
from studyhub.questions.types import TYPES

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}
_SLUG: Schema = {"type": "string", "pattern": f"^{SLUG.pattern}$"}
_PERCENT: Schema = {"type": "string", "pattern": r"^\d{1,3}(\.\d{1,2})?\s*%$"}
_MOMENT: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}"}
_BOOLEAN: Schema = {"type": "boolean"}


def _loose(word: str) -> list[Any]:
    """A word as YAML reads it, and as it stands between quotation marks."""
    return [word == "true", word] if word in ("true", "false") else [word]


def _one_or_more(item: Schema) -> Schema:
    return {"anyOf": [item, {"type": "array", "items": item, "uniqueItems": True}]}


def _mapping(properties: Schema, description: str, required: tuple[str, ...] = ()) -> Schema:
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return schema | {"description": description} | ({"required": list(required)} if required else {})


_TAGS: Schema = {
    "anyOf": [
        _one_or_more(_TEXT),
        _mapping({key: _one_or_more(_TEXT) for key in ("all", "any", "none")}, "标签 / tags"),
    ]
}
_WHERE = _mapping(
    {
        "type": _one_or_more({"enum": list(TYPES)}),
        "difficulty": _one_or_more({"enum": list(Band)}),
        "tags": _TAGS,
    },
    "只抽符合条件的试题 / which questions may be drawn",
)
_SECTION = _mapping(
    {
        "title": _TEXT | {"description": "大题名称，缺省为考试名称 / the section's heading"},
        "draw": {
            "type": "integer",
            "minimum": 1,
            "maximum": MOST_QUESTIONS,
            "description": "抽几题 / how many",
        },
        "from": _one_or_more(_SLUG) | {"description": "题库 / the banks"},
        "where": _WHERE,
        "points": {
            "type": ["number", "string"],
            "description": "每题分值，缺省为试题自身分值 / points of each question",
        },
        "mix": _mapping(
            {band.value: _PERCENT for band in Band},
            "难度比例，合计 100% / shares by difficulty, 100 % together",
        ),
        "must": _one_or_more(_TEXT) | {"description": "必出的试题：题目标识，或 题库/标识 / always drawn"},
    },
    "大题 / a section",
    ("draw", "from"),
)
_WHEN: Schema = {"enum": list(Release)}

SCHEMA: Schema = {
    "$schema": DRAFT,
    "title": "StudyHub exam",
    **_mapping(
        {
            "exam": _SLUG | not_one_of(RESERVED) | {"description": "考试标识，不可更改 / identity for ever"},
            "title": _TEXT | {"description": "考试名称 / title"},
            "opens": _MOMENT | {"description": "开始时间 2026-11-01 08:00 / the organisation's time zone"},
            "closes": _MOMENT | {"description": "结束时间 / end"},
            "minutes": {"type": "integer", "minimum": 1, "maximum": MOST_MINUTES, "description": "作答时长"},
            "attempts": {
                "anyOf": [
                    {"type": "integer", "minimum": 1, "maximum": MOST_ATTEMPTS},
                    {"const": UNLIMITED},
                ],
                "default": 1,
                "description": "可考次数 / how often",
            },
            "keep": {
                "enum": list(Keep),
                "default": "best",
                "description": "取哪次成绩 / which attempt counts",
            },
            "pass": _PERCENT | {"description": "合格线，如 60% / pass line"},
            "for": _one_or_more({"type": ["string", "integer"]})
            | {"description": "面向哪些党组织（含下级），缺省为全体 / branch codes, each with its subtree"},
            "state": {"enum": list(ExamState), "default": "published", "description": "草稿或发布"},
            "sections": {"type": "array", "items": _SECTION, "minItems": 1, "maxItems": MOST_SECTIONS},
            **{
                key: {"enum": _loose(word), "description": "尚不支持其他取值 / nothing else yet"}
                for key, word in NOT_BUILT.items()
                if word
            },
            "shuffle": _mapping(
                {"questions": _BOOLEAN, "options": _BOOLEAN}, "乱序 / each paper its own order"
            ),
            "review": _mapping(
                {"score": _WHEN, "answers": _WHEN, "explanations": _WHEN},
                "何时公布得分、答案、解析 / when each is shown",
            ),
        },
        "考试 / an exam",
        ("exam", "title", "sections"),
    ),
    "anyOf": [{"required": ["minutes"]}, {"required": ["closes"]}],
}
