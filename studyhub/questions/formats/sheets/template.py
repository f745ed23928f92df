"""A workbook to begin with: an example of each type, and a sheet that explains the columns."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from studyhub.questions.formats.sheets.kinds import WORDS
from studyhub.questions.formats.sheets.stationery import FORM, HEAD, height, lay_out
from studyhub.questions.formats.sheets.writing import OPTIONS

_OFFERED_IN = 2000
"""Rows in which a list of words is offered."""

Row = Mapping[str, str]
"""What stands in a row, by column."""

HEADERS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "type": "题型", "prompt": "题干", "option A": "选项A", "option B": "选项B", "option C": "选项C",
        "option D": "选项D", "answer": "答案", "explanation": "解析", "points": "分值", "difficulty": "难度",
        "tags": "标签", "tolerance": "误差", "unit": "单位", "pairs": "配对", "distractors": "干扰项",
        "items": "正确顺序", "rubric": "评分要点", "variables": "变量", "passage": "材料",
    },
    "en": {
        name: name
        for name in (
            "type", "prompt", "option A", "option B", "option C", "option D", "answer", "explanation",
            "points", "difficulty", "tags", "tolerance", "unit", "pairs", "distractors", "items", "rubric",
            "variables", "passage",
        )
    },
}  # fmt: skip
"""By the reader's language: the words over the columns of the template."""

_STATION = "某支部九月召开了支部党员大会、两次支委会，并组织了一次主题党日活动。"
_CLUB = "In September the branch held one meeting of all members and two of its committee."

EXAMPLES: Mapping[str, tuple[Row, ...]] = {
    "zh": (
        {
            "type": "单选题", "prompt": "下列哪一个口令最安全？", "option A": "123456",
            "option B": "四个不相关的词", "option C": "自己的生日", "option D": "单位名称", "answer": "B",
            "explanation": "长度决定强度。", "points": "2", "difficulty": "易", "tags": "安全、口令",
        },
        {
            "type": "多选题", "prompt": "哪些做法能防范诈骗？", "option A": "核实来电者身份",
            "option B": "不点陌生链接", "option C": "转账前先问家人", "option D": "把验证码告诉客服",
            "answer": "ABC", "explanation": "验证码谁都不能给。", "points": "2", "difficulty": "中",
        },
        {
            "type": "判断题", "prompt": "公共场所的免费无线网络都是安全的。", "answer": "错", "points": "1",
            "difficulty": "易",
        },
        {
            "type": "填空题", "prompt": "我国的首都是____，最大的城市是____。",
            "answer": "北京 | 北京市\n上海", "points": "2",
        },
        {
            "type": "数值题", "prompt": "半径 {{r}} 米的圆，面积约为多少？（π 取 3.14）",
            "answer": "{{3.14*r*r}}", "points": "1", "tolerance": "0.01", "unit": "平方米",
            "variables": "r = 2..9",
        },
        {
            "type": "连线题", "prompt": "把国家与首都连起来。", "points": "3",
            "pairs": "法国 → 巴黎\n日本 → 东京", "distractors": "柏林",
        },
        {"type": "排序题", "prompt": "按时间先后排列。", "points": "2", "items": "春\n夏\n秋\n冬"},
        {
            "type": "简答题", "prompt": "谈谈如何设置一个安全的口令。", "points": "5", "difficulty": "难",
            "rubric": "足够长 → 3\n不重复使用 → 2",
        },
        {
            "type": "判断题", "passage": _STATION, "prompt": "该支部九月召开过支部党员大会。", "answer": "对",
        },
        {"type": "填空题", "passage": _STATION, "prompt": "支委会开了____次。", "answer": "两 | 2 | 二"},
    ),
    "en": (
        {
            "type": "single", "prompt": "Which password is the safest?", "option A": "123456",
            "option B": "four words that have nothing in common", "option C": "a birthday",
            "option D": "a company's name", "answer": "B", "explanation": "Length makes it strong.",
            "points": "2", "difficulty": "easy", "tags": "safety; passwords",
        },
        {
            "type": "multiple", "prompt": "What helps against fraud?", "option A": "asking who is calling",
            "option B": "not opening strange links", "option C": "asking the family first",
            "option D": "telling a caller the code", "answer": "ABC",
            "explanation": "Nobody may have the code.", "points": "2", "difficulty": "medium",
        },
        {
            "type": "truefalse", "prompt": "Every free public network is safe.", "answer": "false",
            "points": "1", "difficulty": "easy",
        },
        {
            "type": "blank", "prompt": "The capital of France is ____, that of Japan ____.",
            "answer": "Paris\nTokyo | Tōkyō", "points": "2",
        },
        {
            "type": "number", "prompt": "How large is a circle with a radius of {{r}} m? (π = 3.14)",
            "answer": "{{3.14*r*r}}", "points": "1", "tolerance": "0.01", "unit": "m²",
            "variables": "r = 2..9",
        },
        {
            "type": "match", "prompt": "Join each country with its capital.", "points": "3",
            "pairs": "France → Paris\nJapan → Tokyo", "distractors": "Berlin",
        },
        {
            "type": "order", "prompt": "Put the seasons in order.", "points": "2",
            "items": "spring\nsummer\nautumn\nwinter",
        },
        {
            "type": "essay", "prompt": "How do you make a safe password?", "points": "5",
            "difficulty": "hard", "rubric": "long enough → 3\nused only once → 2",
        },
        {
            "type": "truefalse", "passage": _CLUB, "prompt": "All members met in September.",
            "answer": "true",
        },
        {
            "type": "blank", "passage": _CLUB, "prompt": "The committee met ____ times.",
            "answer": "two | 2 | twice",
        },
    ),
}  # fmt: skip
"""By the reader's language: a row of each type; the last two are questions about one text."""


def template(language: str, title: str, explained: Sequence[tuple[str, str]]) -> bytes:
    """The XLSX; `explained` are lines of the second sheet, which is called `title`."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        as_text, head = book.add_format(FORM), book.add_format(HEAD)
        sheet = book.add_worksheet("StudyHub")
        header = HEADERS[language]
        lay_out(sheet, list(header), as_text)
        for number, row in enumerate((header, *EXAMPLES[language])):
            sheet.set_row(number, height(row.items()))
            for at, column in enumerate(header):
                sheet.write_string(number, at, row.get(column, ""), as_text if number else head)
        for at, column in enumerate(header):
            if column in WORDS:
                sheet.data_validation(1, at, _OFFERED_IN, at, _offered(WORDS[column], language))
        about = book.add_worksheet(title)
        about.set_column(0, 0, 16)
        about.set_column(1, 1, 80)
        about.set_paper(9)
        about.fit_to_pages(1, 0)
        for number, line in enumerate(explained):
            about.write_string(number, 0, line[0], head)
            about.write_string(number, 1, line[1], as_text)
    return out.getvalue()


def _offered(words: Mapping[str, str], language: str) -> dict[str, Any]:
    """A list to choose from, which keeps nobody from another word that we know."""
    offered = list(words.values() if language == "zh" else words)
    return {"validate": "list", "source": offered, "error_type": "information", "show_error": False}
