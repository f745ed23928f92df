"""The keys of an exam file, and the Chinese names that people try first."""

from __future__ import annotations

from studyhub.questions.bank_keys import SPOKEN_DIFFICULTIES
from studyhub.questions.grammar import Grammar

EXAM = frozenset(
    {
        "exam", "title", "opens", "closes", "minutes", "attempts", "keep", "pass", "for", "state",
        "sections", "shuffle", "avoid_seen", "balance", "on_deadline", "review", "rehearsal",
    }
)  # fmt: skip
RESERVED = frozenset({"import", "new"})
"""No names for an exam: `/admin/exams/new` is a page of its own."""

SECTION = frozenset({"title", "draw", "from", "where", "points", "mix", "must"})
WHERE = frozenset({"type", "difficulty", "tags"})
TAGS = frozenset({"all", "any", "none"})
SHUFFLE = frozenset({"questions", "options"})
REVIEW = frozenset({"score", "answers", "explanations"})

SPOKEN_KEYS = {
    "考试": "exam", "标题": "title", "名称": "title", "开始": "opens", "开始时间": "opens", "结束": "closes",
    "截止": "closes", "结束时间": "closes", "时长": "minutes", "时间": "minutes", "次数": "attempts",
    "取分": "keep", "合格线": "pass", "及格线": "pass", "合格": "pass", "对象": "for", "范围": "for",
    "状态": "state", "大题": "sections", "抽题": "draw", "题数": "draw", "数量": "draw", "题库": "from",
    "条件": "where", "题型": "type", "难度": "difficulty", "标签": "tags", "分值": "points", "分数": "points",
    "比例": "mix", "难度比例": "mix", "必考": "must", "必出": "must", "乱序": "shuffle", "回顾": "review",
}  # fmt: skip
SPOKEN_STATES = {"草稿": "draft", "已发布": "published", "发布": "published"}
SPOKEN_KEEP = {
    "最高": "best",
    "最好": "best",
    "最后": "last",
    "首次": "first",
    "第一次": "first",
    "平均": "average",
}
SPOKEN_ATTEMPTS = {"无限": "unlimited", "不限": "unlimited", "不限次数": "unlimited", "无限次": "unlimited"}
SPOKEN_RELEASE = {"交卷后": "submitted", "结束后": "closed", "考试结束后": "closed", "不公布": "never"}

GRAMMAR = Grammar(
    listing="sections",
    keys=EXAM | SECTION | WHERE | TAGS | SHUFFLE | REVIEW,
    texts=frozenset({"title"}),
    spoken=SPOKEN_KEYS | SPOKEN_DIFFICULTIES,  # the keys of a mix
)
