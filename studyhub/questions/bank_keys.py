"""The words of the bank file: its keys, what each may say, and what Chinese writers call them."""

from __future__ import annotations

from studyhub.questions import levels
from studyhub.questions.grammar import Grammar
from studyhub.questions.types import TYPES

BANK = frozenset({"bank", "title", "language", "level", "source", "defaults", "questions"})
RESERVED = frozenset({"import"})
"""No names for a bank: `/admin/banks/import` is a page of its own."""

SHARED = frozenset({
    "id", "type", "prompt", "answer", "points", "tags", "difficulty", "explanation", "source",
    "review_by", "shuffle", "retired", "variables",
})  # fmt: skip
OWN = frozenset[str]().union(*(kind.keys for kind in TYPES.values()))
NOT_DEFAULT = frozenset({"id", "prompt", "answer"})
QUESTION = SHARED | OWN
PART = QUESTION - {"retired", "questions"}
"""The keys of a question of a passage."""

NOT_FOR_PARTS = frozenset({"tags", "source", "review_by", "retired"})
"""Defaults that are the passage's, and not those of its questions as well."""

DOMAIN = frozenset({"from", "to", "step", "choose"})
SOURCE = frozenset({"document", "article", "version"})
RUBRIC = frozenset({"for", "points"})
TEXTS = frozenset({
    "title", "prompt", "explanation", "unit", "text", "feedback", "document", "article", "version", "for",
    "model_answer",
})  # fmt: skip

SPOKEN_KEYS = {
    "题库": "bank",
    "标题": "title",
    "名称": "title",
    "语言": "language",
    "密级": "level",
    "默认": "defaults",
    "默认值": "defaults",
    "试题": "questions",
    "编号": "id",
    "题型": "type",
    "类型": "type",
    "题干": "prompt",
    "题目": "prompt",
    "选项": "options",
    "答案": "answer",
    "正确答案": "answer",
    "解析": "explanation",
    "分值": "points",
    "分数": "points",
    "难度": "difficulty",
    "标签": "tags",
    "来源": "source",
    "出处": "source",
    "文件": "document",
    "条款": "article",
    "版本": "version",
    "复核日期": "review_by",
    "评分规则": "marking",
    "乱序": "shuffle",
    "停用": "retired",
    "单位": "unit",
    "误差": "tolerance",
    "容差": "tolerance",
    "反馈": "feedback",
    "配对": "pairs",
    "连线": "pairs",
    "干扰项": "distractors",
    "步骤": "items",
    "评分标准": "rubric",
    "评分要点": "rubric",
    "要点": "for",
    "参考答案": "model_answer",
    "字数": "max_chars",
    "字数上限": "max_chars",
    "变量": "variables",
    "从": "from",
    "到": "to",
    "步长": "step",
    "任选": "choose",
    "顺序": "items",
}
SPOKEN_TYPES = {
    **dict.fromkeys(("单选", "单选题", "单项选择", "单项选择题"), "single"),
    **dict.fromkeys(("多选", "多选题", "多项选择", "多项选择题", "不定项选择题"), "multiple"),
    **dict.fromkeys(("判断", "判断题", "tf", "true_false", "true/false", "boolean"), "truefalse"),
    **dict.fromkeys(("填空", "填空题"), "blank"),
    **dict.fromkeys(("数值", "数值题", "计算题", "numeric", "numerical"), "number"),
    **dict.fromkeys(("连线", "连线题", "匹配", "匹配题", "配对", "配对题", "matching"), "match"),
    **dict.fromkeys(("简答", "简答题", "问答", "问答题", "论述", "论述题"), "essay"),
    **dict.fromkeys(("材料", "材料题", "阅读理解", "综合题", "案例分析题", "cloze", "group"), "passage"),
    **dict.fromkeys(("排序", "排序题", "ordering", "sequence"), "order"),
}
SPOKEN_DIFFICULTIES = {
    **dict.fromkeys(("易", "容易", "简单", "较易", "较容易", "低"), "easy"),
    **dict.fromkeys(("中", "中等", "一般", "适中"), "medium"),
    **dict.fromkeys(("难", "困难", "较难", "高"), "hard"),
}
SPOKEN_LANGUAGES = {
    **dict.fromkeys(("中文", "汉语", "简体中文", "cn", "zh-CN", "zh_CN"), "zh"),
    **dict.fromkeys(("英文", "英语", "english", "en-US"), "en"),
}
SPOKEN_VALUES = {
    "type": SPOKEN_TYPES,
    "difficulty": SPOKEN_DIFFICULTIES,
    "level": levels.SPOKEN,
    "language": SPOKEN_LANGUAGES,
}
"""What a value in Chinese stands for, by its key."""

GRAMMAR = Grammar(
    listing="questions",
    keys=BANK | QUESTION | SOURCE | DOMAIN | RUBRIC | {"text", "feedback"},
    texts=TEXTS,
    spoken=SPOKEN_KEYS,
    identity="id",
)
