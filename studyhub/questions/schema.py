"""The JSON Schema of the bank file, for editors that complete and check while typing.

The checker is the judge and says more; the schema keeps a writer from most mistakes before that.
"""

from __future__ import annotations

from collections.abc import Collection
from string import ascii_uppercase
from typing import Any

from studyhub.questions.bank import LANGUAGES, LEVELS
from studyhub.questions.bank_keys import NOT_DEFAULT, PART, QUESTION, RESERVED, SHARED
from studyhub.questions.difficulty import Band
from studyhub.questions.fields import LONGEST_TEXT, SLUG
from studyhub.questions.shared_keys import MOST_POINTS
from studyhub.questions.types import TYPES
from studyhub.questions.types.blank import MOST as MOST_BLANKS
from studyhub.questions.types.essay import LONGEST_ANSWER
from studyhub.questions.types.multiple import DEFAULT_MARKING, MARKING
from studyhub.questions.types.order import DEFAULT_MARKING as DEFAULT_ORDER_MARKING
from studyhub.questions.types.order import MARKING as ORDER_MARKING
from studyhub.questions.types.passage import MOST as MOST_PARTS
from studyhub.questions.types.truefalse import VERDICTS

Schema = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"

_NULL: Schema = {"type": "null"}
_BLANK: Schema = {"type": "string", "pattern": r"^\s*$"}
_SLUG: Schema = {
    "anyOf": [{"type": "string", "pattern": rf"^\s*{SLUG.pattern}\s*$"}, {"type": ["integer", "boolean"]}]
}


def not_one_of(names: Collection[str]) -> Schema:
    """That a name is none of these."""
    return {"not": {"type": "string", "pattern": rf"^\s*({'|'.join(sorted(names))})\s*$"}}


_ANY_TEXT: Schema = {
    "type": ["string", "number", "boolean"],
    "pattern": r"\S",
    "maxLength": LONGEST_TEXT,
    "not": {"type": "string", "pattern": r"(秘\s*密|机\s*密|绝\s*密)\s*[★☆]"},
}
_TEXT: Schema = {"$ref": "#/definitions/text"}
_NO_NUMBER = r"A-DF-Za-df-z\u4e00-\u9fff"
# A number may stand between quotation marks, or be an expression.
_IN_QUOTES: Schema = {
    "type": "string",
    "pattern": rf"\{{\{{|^[^{_NO_NUMBER}]*[^\sEe{_NO_NUMBER}][^{_NO_NUMBER}]*$",
}
_NUMBER: Schema = {"anyOf": [{"type": "number"}, _IN_QUOTES]}
_POINTS: Schema = {"anyOf": [{"type": "number", "exclusiveMinimum": 0, "maximum": MOST_POINTS}, _IN_QUOTES]}
_BOOLEAN: Schema = {
    "anyOf": [
        {"type": "boolean"},
        {"type": "string", "pattern": r"^\s*([Tt][Rr][Uu][Ee]|[Yy][Ee][Ss]|[Oo][Nn]|是"
                                      r"|[Ff][Aa][Ll][Ss][Ee]|[Nn][Oo]|[Oo][Ff][Ff]|否)\s*$"},
    ]
}  # fmt: skip


def _or_nothing(schema: Schema) -> Schema:
    """A key that may be left empty; what is said of it stands outside, where editors look for it."""
    said: Schema = {key: schema[key] for key in ("description", "default") if key in schema}
    bare = {key: value for key, value in schema.items() if key not in said}
    is_text = bare == _TEXT or bare.get("allOf") == [_TEXT]
    return {**said, "anyOf": [bare, _NULL, *([_BLANK] if is_text else [])]}


_SOURCE: Schema = {
    "type": "object",
    "properties": {key: _or_nothing(_TEXT) for key in ("document", "article", "version")},
    "additionalProperties": False,
    "description": "依据的文件、条款与版本 / what it rests on",
}
_OPTION: Schema = {
    "anyOf": [
        _TEXT,
        {
            "type": "object",
            "properties": {"text": _TEXT, "feedback": _or_nothing(_TEXT)},
            "required": ["text"],
            "additionalProperties": False,
        },
    ]
}
_DOMAIN: Schema = {
    "type": "object",
    "oneOf": [
        {"required": ["from", "to"], "not": {"required": ["choose"]}},
        {"required": ["choose"], "properties": dict.fromkeys(("from", "to", "step"), False)},
    ],
    "properties": {
        "from": _NUMBER,
        "to": _NUMBER,
        "step": _or_nothing({"anyOf": [{"type": "number", "exclusiveMinimum": 0}, _IN_QUOTES], "default": 1}),
        "choose": {"type": "array", "minItems": 1, "maxItems": 100, "items": _NUMBER},
    },
    "additionalProperties": False,
}
_KEYS: Schema = {
    "id": _SLUG | {"description": "题目标识，库内唯一，再次导入时据此识别 / identity across imports"},
    "type": {"enum": list(TYPES), "description": "题型 / single 单选题, multiple 多选题, truefalse 判断题, "
             "blank 填空题, number 数值题, match 连线题, order 排序题, essay 简答题, passage 材料题"},
    "prompt": {"allOf": [_TEXT], "description": "题干（Markdown，$公式$） / Markdown, $maths$"},
    "variables": {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 10,
        "propertyNames": {"pattern": r"^\s*[^\s0-9]"},
        "additionalProperties": _DOMAIN,
        "description": "变量，在题中写 {{a}}、{{a*b}} / used as {{a}}, {{a*b}}",
    },
    "options": {
        "type": "object",
        "patternProperties": {"^[A-Z]$": _OPTION},
        "additionalProperties": False,
        "minProperties": 2,
        "maxProperties": 26,
        "description": "选项 / options by letter",
    },
    "answer": {"description": "正确答案 / the key"},
    "marking": {
        "enum": list(dict.fromkeys([*MARKING, *ORDER_MARKING])),
        "description": "评分规则 / how a part of the answer counts",
    },
    "pairs": {
        "type": "object",
        "propertyNames": {"pattern": r"\S"},
        "additionalProperties": _TEXT,
        "minProperties": 2,
        "maxProperties": 26,
        "description": "左: 右 / what belongs together",
    },
    "distractors": {"type": "array", "items": _TEXT, "description": "右边多余的项 / belong to nothing"},
    "items": {
        "type": "array",
        "items": _TEXT,
        "minItems": 2,
        "maxItems": 26,
        "description": "按正确顺序写 / in the right order",
    },
    "questions": {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_PARTS,
        "items": {"$ref": "#/definitions/part"},
        "description": "材料题的各小题 / the questions about the material",
    },
    "rubric": {
        "type": "array",
        "minItems": 1,
        "maxItems": 30,
        "items": {
            "type": "object",
            "required": ["for", "points"],
            "properties": {"for": _TEXT, "points": _POINTS},
            "additionalProperties": False,
        },
        "description": "评分要点 / what points are given for",
    },
    "model_answer": {"allOf": [_TEXT], "description": "参考答案 / an answer worth all points"},
    "max_chars": {
        "anyOf": [{"type": "integer", "minimum": 1, "maximum": LONGEST_ANSWER}, _IN_QUOTES],
        "description": "字数上限 / how long an answer may be",
    },
    "order": {"enum": ["fixed", "any"], "default": "fixed", "description": "各空顺序 / order of the blanks"},
    "case": {"enum": ["ignore", "exact"], "default": "ignore", "description": "是否区分大小写"},
    "tolerance": {
        "anyOf": [{"type": "number", "minimum": 0}, _IN_QUOTES],
        "default": 0,
        "description": "允许误差：0.01 或 1% / absolute, or a share",
    },
    "unit": {
        "allOf": [_TEXT],
        "type": ["string", "boolean"],
        "not": {"type": "string", "pattern": r"^\s*[+-]?[0-9]+(\.[0-9]*)?\s*$"},
        "description": "单位 / unit",
    },
    "points": _POINTS | {"default": 1, "description": "分值，至多两位小数 / at most two decimals"},
    "tags": {"type": "array", "items": _TEXT, "description": "标签 / tags"},
    "difficulty": {
        "anyOf": [
            {"enum": [band.value for band in Band]},
            {"type": "number", "minimum": 0, "maximum": 1},
            {"type": "string", "pattern": r"^\s*[^\sA-Za-z\u4e00-\u9fff]"},
        ],
        "default": "medium",
        "description": "难度，或预计答对的比例 / or the share expected to answer right",
    },
    "explanation": {"allOf": [_TEXT], "description": "解析，考后显示 / shown in the review"},
    "source": _SOURCE,
    "review_by": {
        "type": "string",
        "pattern": r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*$",
        "description": "此日之后应复核 / to be reviewed after",
    },
    "shuffle": _BOOLEAN | {"default": True, "description": "false 固定选项顺序 / pins the order"},
    "retired": _BOOLEAN | {"default": False, "description": "停用：不再用于新试卷 / kept out of new papers"},
}  # fmt: skip
_NEEDED = frozenset({"id", "type", "prompt", "variables", "options", "answer", "pairs", "items", "questions"})
"""Keys that are not left empty where they stand."""

_QUESTION_KEYS = {key: value if key in _NEEDED else _or_nothing(value) for key, value in _KEYS.items()}
_LETTER = r"^\s*[A-Z]\s*$"
# In any case; what is typed in full width is left to the checker.
_VERDICT = rf"^\s*({'|'.join(''.join(f'[{sign}{sign.upper()}]' for sign in word) for word in VERDICTS)})\s*$"
_VERDICT += r"|[\uff00-\uffef]"
_ANSWERS: dict[str, Schema] = {
    "single": {"type": "string", "pattern": _LETTER},
    "multiple": {
        "anyOf": [
            {"type": "string", "pattern": r"^\s*[A-Z]{1,26}\s*$"},
            {
                "type": "array",
                "items": {"type": "string", "pattern": _LETTER},
                "minItems": 1,
                "maxItems": 26,
                "uniqueItems": True,
            },
        ]
    },
    "truefalse": {"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": _VERDICT}]},
    "blank": {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_BLANKS,
        "items": {"type": "array", "minItems": 1, "items": _TEXT},
    },
    "number": _NUMBER,
}
_PROMPTS: dict[str, Schema] = {"blank": {"type": "string", "pattern": r"\[\[0*1\]\]"}}
_MARKINGS: dict[str, Schema] = {
    "multiple": {"enum": list(MARKING), "default": DEFAULT_MARKING},
    "order": {"enum": list(ORDER_MARKING), "default": DEFAULT_ORDER_MARKING},
}


def bank_schema() -> Schema:
    """JSON Schema, draft 7: the newest that editors know well. It refuses nothing that the checker takes."""
    defaults = {key: _or_nothing(value) for key, value in _KEYS.items() if key not in NOT_DEFAULT}
    return {
        "$schema": DRAFT,
        "title": "StudyHub 题库 / question bank",
        "type": "object",
        "required": ["bank", "title", "language", "questions"],
        "additionalProperties": False,
        "properties": {
            "bank": _SLUG
            | not_one_of(RESERVED)
            | {"description": "题库标识，永久不变 / the bank's identity for ever"},
            "title": _TEXT,
            "language": {"enum": list(LANGUAGES)},
            "level": {"enum": [*LEVELS, None], "default": "internal", "description": "公开/内部/受控"},
            "source": _or_nothing(_SOURCE),
            "defaults": _or_nothing(
                {"type": "object", "properties": defaults, "additionalProperties": False}
            ),
            "questions": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/question"}},
        },
        "allOf": [
            _unless_default("type", {"required": ["type"]}),
            *map(_own, ("options", "pairs", "items", "questions")),
        ],
        "definitions": {"text": _ANY_TEXT, "question": _question(), "part": _part()},
    }


def _unless_default(key: str, each: Schema) -> Schema:
    """What holds for each question where the defaults do not say this key for it."""
    has = {"type": "object", "required": [key]}
    parts = {"properties": {"questions": {"items": each}}}
    return {
        "if": {"required": ["defaults"], "properties": {"defaults": has}},
        "else": {"properties": {"questions": {"items": {"allOf": [each, parts]}}}},
    }


def _own(key: str) -> Schema:
    """That a question has this key of its type."""
    kinds = [kind for kind in TYPES if key in TYPES[kind].keys]
    return _unless_default(
        key,
        {
            "if": {"required": ["type"], "properties": {"type": {"enum": kinds}}},
            "then": {"required": [key]},
        },
    )


def _question() -> Schema:
    return {
        "type": "object",
        "required": ["id", "prompt"],
        "properties": _QUESTION_KEYS,
        "additionalProperties": False,
        "allOf": [*map(_when, TYPES), *map(_has_option, ascii_uppercase)],
    }


def _has_option(letter: str) -> Schema:
    """That a letter of the answer is one of the options beside it."""
    given = {
        "anyOf": [
            {"type": "string", "pattern": rf"^\s*[A-Z]*{letter}[A-Z]*\s*$"},
            {"type": "array", "contains": {"type": "string", "pattern": rf"^\s*{letter}\s*$"}},
        ]
    }
    choice = {"enum": [kind for kind in TYPES if "options" in TYPES[kind].keys]}
    return {
        "if": {"required": ["type", "answer"], "properties": {"type": choice, "answer": given}},
        "then": {"properties": {"options": {"required": [letter]}}},
    }


def _part() -> Schema:
    """A question of a passage: any but a passage."""
    own = {"type": {"not": {"const": "passage"}}} | dict.fromkeys(sorted(QUESTION - PART), False)
    return {"allOf": [{"$ref": "#/definitions/question"}, {"properties": own}]}


def _when(kind: str) -> Schema:
    """What holds for a question that names this type (a default's type is known to the checker alone)."""
    foreign = sorted(_KEYS.keys() - SHARED - TYPES[kind].keys)
    own: Schema = {"marking": _or_nothing(_MARKINGS[kind])} if kind in _MARKINGS else {}
    own["answer"] = _ANSWERS.get(kind, False)
    if kind in _PROMPTS:
        own["prompt"] = _PROMPTS[kind]
    return {
        "if": {"properties": {"type": {"const": kind}}, "required": ["type"]},
        "then": {
            "required": ["answer"] if TYPES[kind].key_in == "answer" else [],
            "properties": own | dict.fromkeys(foreign, False),
        },
    }
