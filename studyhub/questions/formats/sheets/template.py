"""A workbook to begin with: an example of each type, and a sheet that explains the columns."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import xlsxwriter

from studyhub.questions.formats.sheets.writing import OPTIONS

Row = tuple[str, ...]

_ZH: tuple[Row, ...] = (
    (
        "题型",
        "题干",
        "选项A",
        "选项B",
        "选项C",
        "选项D",
        "答案",
        "解析",
        "分值",
        "难度",
        "标签",
        "误差",
        "单位",
        "配对",
        "干扰项",
        "正确顺序",
        "评分要点",
    ),
    (
        "单选题",
        "下列哪一个口令最安全？",
        "123456",
        "四个不相关的词",
        "自己的生日",
        "单位名称",
        "B",
        "长度决定强度。",
        "2",
        "易",
        "安全、口令",
    ),
    (
        "多选题",
        "哪些做法能防范诈骗？",
        "核实来电者身份",
        "不点陌生链接",
        "转账前先问家人",
        "把验证码告诉客服",
        "ABC",
        "验证码谁都不能给。",
        "2",
        "中",
    ),
    ("判断题", "公共场所的免费无线网络都是安全的。", "", "", "", "", "错", "", "1", "易"),
    ("填空题", "我国的首都是____，最大的城市是____。", "", "", "", "", "北京 | 北京市\n上海", "", "2"),
    ("数值题", "圆周率保留两位小数是多少？", "", "", "", "", "3.14", "", "1", "", "", "0.01"),
    (
        "连线题",
        "把国家与首都连起来。",
        "",
        "",
        "",
        "",
        "",
        "",
        "3",
        "",
        "",
        "",
        "",
        "法国 → 巴黎\n日本 → 东京",
        "柏林",
    ),
    ("排序题", "按时间先后排列。", "", "", "", "", "", "", "2", "", "", "", "", "", "", "春\n夏\n秋\n冬"),
    (
        "简答题",
        "谈谈如何设置一个安全的口令。",
        "",
        "",
        "",
        "",
        "",
        "",
        "5",
        "难",
        "",
        "",
        "",
        "",
        "",
        "",
        "足够长 → 3\n不重复使用 → 2",
    ),
)
_EN: tuple[Row, ...] = (
    (
        "type",
        "prompt",
        "option A",
        "option B",
        "option C",
        "option D",
        "answer",
        "explanation",
        "points",
        "difficulty",
        "tags",
        "tolerance",
        "unit",
        "pairs",
        "distractors",
        "items",
        "rubric",
    ),
    (
        "single",
        "Which password is the safest?",
        "123456",
        "four words that have nothing in common",
        "a birthday",
        "a company's name",
        "B",
        "Length makes it strong.",
        "2",
        "easy",
        "safety; passwords",
    ),
    (
        "multiple",
        "What helps against fraud?",
        "asking who is calling",
        "not opening strange links",
        "asking the family first",
        "telling a caller the code",
        "ABC",
        "Nobody may have the code.",
        "2",
        "medium",
    ),
    ("truefalse", "Every free public network is safe.", "", "", "", "", "false", "", "1", "easy"),
    (
        "blank",
        "The capital of France is ____, that of Japan ____.",
        "",
        "",
        "",
        "",
        "Paris\nTokyo | Tōkyō",
        "",
        "2",
    ),
    ("number", "What is pi with two decimals?", "", "", "", "", "3.14", "", "1", "", "", "0.01"),
    (
        "match",
        "Join each country with its capital.",
        "",
        "",
        "",
        "",
        "",
        "",
        "3",
        "",
        "",
        "",
        "",
        "France → Paris\nJapan → Tokyo",
        "Berlin",
    ),
    (
        "order",
        "Put the seasons in order.",
        "",
        "",
        "",
        "",
        "",
        "",
        "2",
        "",
        "",
        "",
        "",
        "",
        "",
        "spring\nsummer\nautumn\nwinter",
    ),
    (
        "essay",
        "How do you make a safe password?",
        "",
        "",
        "",
        "",
        "",
        "",
        "5",
        "hard",
        "",
        "",
        "",
        "",
        "",
        "",
        "long enough → 3\nused only once → 2",
    ),
)
EXAMPLES: Mapping[str, tuple[Row, ...]] = {"zh": _ZH, "en": _EN}
"""By the reader's language: the header, and a row of each type."""


def template(language: str, title: str, explained: Sequence[tuple[str, str]]) -> bytes:
    """The XLSX; `explained` are lines of the second sheet, which is called `title`."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        form = {"num_format": "@", "text_wrap": True, "valign": "top"}
        as_text, head = book.add_format(form), book.add_format({**form, "bold": True, "bottom": 1})
        sheet = book.add_worksheet("StudyHub")
        header, *rows = EXAMPLES[language]
        sheet.set_column(0, len(header) - 1, 16, as_text)
        sheet.set_column(1, 1, 40, as_text)
        sheet.freeze_panes(1, 0)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        for number, row in enumerate((header, *rows)):
            for at, text in enumerate(row):
                sheet.write_string(number, at, text, as_text if number else head)
        about = book.add_worksheet(title)
        about.set_column(0, 0, 24)
        about.set_column(1, 1, 90)
        for number, line in enumerate(explained):
            about.write_string(number, 0, line[0], head)
            about.write_string(number, 1, line[1], as_text)
    return out.getvalue()
