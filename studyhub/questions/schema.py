"""The JSON Schema of the bank file, for editors that complete and check while typing.

The checker is the judge and says more; the schema keeps a writer from most mistakes before that.
"""

from __future__ import annotations

from typing import Any

from studyhub.questions.bank import LANGUAGES, LEVELS
from studyhub.questions.bank_keys import NOT_DEFAULT, PART, QUESTION, SHARED
from studyhub.questions.difficulty import Band
from studyhub.questions.fields import SLUG
from studyhub.questions.types import TYPES
from studyhub.questions.types.essay import LONGEST_ANSWER
from studyhub.questions.types.multiple import DEFAULT_MARKING, MARKING
from studyhub.questions.types.order import DEFAULT_MARKING as DEFAULT_ORDER_MARKING
from studyhub.questions.types.order import MARKING as ORDER_MARKING
from studyhub.questions.types.passage import MOST as MOST_PARTS

Schema = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"

_TEXT: Schema = {"type": "string", "minLength": 1}
_SLUG: Schema = {"type": "string", "pattern": f"^{SLUG.pattern}$"}
_NUMBER: Schema = {"type": ["number", "string"]}
_DOCUMENT = {"document": _TEXT, "article": _TEXT, "version": {"type": ["string", "number"]}}
_SOURCE: Schema = {
    "type": "object",
    "properties": _DOCUMENT,
    "additionalProperties": False,
    "description": "依据的文件、条款与版本 / what it rests on",
}
_VALUE: Schema = {"type": ["string", "number", "boolean"]}
_OPTION: Schema = {
    "anyOf": [
        {"type": ["string", "number"]},
        {
            "type": "object",
            "properties": {"text": {"type": ["string", "number"]}, "feedback": _TEXT},
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
        "step": _NUMBER | {"default": 1},
        "choose": {"type": "array", "minItems": 1, "maxItems": 100, "items": _NUMBER},
    },
    "additionalProperties": False,
}
_KEYS: Schema = {
    "id": _SLUG | {"description": "题目标识，库内唯一，再次导入时据此识别 / identity across imports"},
    "type": {"enum": list(TYPES), "description": "题型 / single 单选题, multiple 多选题, truefalse 判断题, "
             "blank 填空题, number 数值题, match 连线题, order 排序题, essay 简答题, passage 材料题"},
    "prompt": _TEXT | {"description": "题干（Markdown，$公式$） / Markdown, $maths$"},
    "variables": {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 10,
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
        "additionalProperties": _VALUE,
        "minProperties": 2,
        "maxProperties": 26,
        "description": "左: 右 / what belongs together",
    },
    "distractors": {"type": "array", "items": _VALUE, "description": "右边多余的项 / belong to nothing"},
    "items": {
        "type": "array",
        "items": _VALUE,
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
            "properties": {"for": {"type": ["string", "number"]}, "points": _NUMBER},
            "additionalProperties": False,
        },
        "description": "评分要点 / what points are given for",
    },
    "model_answer": _TEXT | {"description": "参考答案 / an answer worth all points"},
    "max_chars": {"type": "integer", "minimum": 1, "maximum": LONGEST_ANSWER, "description": "字数上限"},
    "order": {"enum": ["fixed", "any"], "default": "fixed", "description": "各空顺序 / order of the blanks"},
    "case": {"enum": ["ignore", "exact"], "default": "ignore", "description": "是否区分大小写"},
    "tolerance": _NUMBER | {"default": 0, "description": "允许误差：0.01 或 1% / absolute, or a share"},
    "unit": _TEXT | {"description": "单位 / unit"},
    "points": _NUMBER | {"default": 1, "description": "分值，至多两位小数 / at most two decimals"},
    "tags": {"type": "array", "items": {"type": ["string", "number"]}, "description": "标签"},
    "difficulty": {
        "anyOf": [{"enum": [band.value for band in Band]}, {"type": "number", "minimum": 0, "maximum": 1}],
        "default": "medium",
        "description": "难度，或预计答对的比例 / or the share expected to answer right",
    },
    "explanation": _TEXT | {"description": "解析，考后显示 / shown in the review"},
    "source": _SOURCE,
    "review_by": {"type": "string", "format": "date", "description": "此日之后应复核 / to be reviewed after"},
    "shuffle": {"type": "boolean", "default": True, "description": "false 固定选项顺序 / pins the order"},
    "retired": {"type": "boolean", "default": False, "description": "停用：不再用于新试卷"},
}  # fmt: skip
_ANSWERS: dict[str, Schema] = {
    "single": {"type": "string", "pattern": "^[A-Z]$"},
    "multiple": {
        "anyOf": [
            {"type": "string", "pattern": "^[A-Z]+$"},
            {"type": "array", "items": {"type": "string", "pattern": "^[A-Z]$"}, "minItems": 1},
        ]
    },
    "truefalse": {"type": ["boolean", "string"]},
    "blank": {
        "type": "array",
        "minItems": 1,
        "items": {"type": "array", "minItems": 1, "items": {"type": ["string", "number"]}},
    },
    "number": _NUMBER,
}
_MARKINGS: dict[str, Schema] = {
    "multiple": {"enum": list(MARKING), "default": DEFAULT_MARKING},
    "order": {"enum": list(ORDER_MARKING), "default": DEFAULT_ORDER_MARKING},
}


def bank_schema() -> Schema:
    """JSON Schema, draft 7: the newest that editors know well."""
    defaults = {key: value for key, value in _KEYS.items() if key not in NOT_DEFAULT}
    return {
        "$schema": DRAFT,
        "title": "StudyHub 题库 / question bank",
        "type": "object",
        "required": ["bank", "title", "language", "questions"],
        "additionalProperties": False,
        "properties": {
            "bank": _SLUG | {"description": "题库标识，永久不变 / the bank's identity for ever"},
            "title": _TEXT,
            "language": {"enum": list(LANGUAGES)},
            "level": {"enum": list(LEVELS), "default": "internal", "description": "公开/内部/受控"},
            "source": _SOURCE,
            "defaults": {"type": "object", "properties": defaults, "additionalProperties": False},
            "questions": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/question"}},
        },
        "definitions": {"question": _question(), "part": _part()},
    }


def _question() -> Schema:
    return {
        "type": "object",
        "required": ["id", "prompt"],
        "properties": _KEYS,
        "additionalProperties": False,
        "allOf": [_when(kind) for kind in TYPES],
    }


def _part() -> Schema:
    """A question of a passage: any but a passage."""
    own = {"type": {"not": {"const": "passage"}}} | dict.fromkeys(sorted(QUESTION - PART), False)
    return {"allOf": [{"$ref": "#/definitions/question"}, {"properties": own}]}


def _when(kind: str) -> Schema:
    """What holds for a question that names this type (a default's type is known to the checker alone)."""
    foreign = sorted(_KEYS.keys() - SHARED - TYPES[kind].keys)
    own: Schema = {"marking": _MARKINGS[kind]} if kind in _MARKINGS else {}
    own["answer"] = _ANSWERS.get(kind, False)
    required = [TYPES[kind].key_in] if TYPES[kind].key_needed else []
    required += ["options"] if "options" in TYPES[kind].keys else []
    return {
        "if": {"properties": {"type": {"const": kind}}, "required": ["type"]},
        "then": {"required": required, "properties": own | dict.fromkeys(foreign, False)},
    }
