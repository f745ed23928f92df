"""How a text that several questions are about is announced: 材料一：, 阅读下列材料，回答1-3题."""

from __future__ import annotations

import re

from studyhub.questions.formats.layout.line import Line

LABELLED = re.compile(
    r"(?:[【\[(](?:材料|案例|资料|背景资料)[一二三四五六七八九十\d]{0,2}[】\])]\s*:?|"
    r"(?:材料|案例|资料|背景资料)[一二三四五六七八九十\d]{0,2}\s*:)\s*(?=\S)"
)
"""Before a material that stands in the same line."""

ANNOUNCED = re.compile(
    r"[【\[(]?(?:材料|案例|资料|背景资料)(?:[一二三四五六七八九十\d]{0,2})[】\])]?\s*:?|"
    r"(?:阅读|根据|依据)(?:下列|下面|以下|上述|所给).{0,12}(?:材料|案例|资料|文章|短文).*|"
    r"(?:阅读|根据|依据).{0,6}(?:材料|案例|资料|文章|短文)\s*,?\s*(?:并)?(?:回答|完成|分析).*"
)

_UP_TO = re.compile(r"\d{1,5}\s*(?:[-—–~]{1,2}|至|到)\s*第?\s*(\d{1,5})\s*(?:小?题|问)")


def last_of(line: Line) -> int:
    """3 of 回答1-3题: the last question about a text."""
    found = _UP_TO.search(line.half)
    return int(found[1]) if found else 0
