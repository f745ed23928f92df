"""Which format a text is in: the strongest of the whole text decides, and a quotation never does."""

from __future__ import annotations

import pytest

from studyhub.kernel.errors import Unreadable
from studyhub.questions.formats import detect, evidence
from studyhub.questions.formats.exchange import Source

PAPER = "一、单选题\n1. GIFT 里的 {=甲 ~乙} 表示什么？（ ）\nA. 单选题\nB. 多选题\n答案：A\n"
GIFT = "1. 下列哪个是首都？（ ）{=北京 ~上海 ####解析：常识。}\n\n2. 哪个最大？（ ）{=太平洋 ~大西洋}\n"
AIKEN = "{x} 在 Python 里是什么？\nA. 集合\nB. 字典\nANSWER: A\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (PAPER, "text"),
        ("1. GIFT 里的 {=甲 ~乙} 表示什么？（A）\nA. 单选题\nB. 多选题\n", "text"),
        (
            f"说明：本卷共一题。\n{'须知，请仔细阅读。' * 20}\n" * 120
            + "1. 甲？（ ）\nA. 乙\nB. 丙\n答案：A\n",
            "text",
        ),
        (GIFT, "gift"),
        ("// 题库\n" * 12_000 + GIFT, "gift"),
        (AIKEN, "aiken"),
        ("{=a} means what?\nA. right\nB. wrong\nANSWER: A\n", "aiken"),
        (f"Aiken 这样写：\n{AIKEN}\n" + PAPER * 2, "text"),
        ('{\n  "questions": []}', "json"),
        ("\ufeff{}", "json"),
    ],
)
def test_the_strongest_of_the_whole_text_decides(text: str, name: str) -> None:
    assert detect(Source(text.encode(), "x.txt")).name == name


def test_a_broken_object_is_json_by_its_name_alone() -> None:
    assert detect(Source(b"{bank: x}", "x.json")).name == "json"
    with pytest.raises(Unreadable, match="unknown_format"):
        detect(Source(b"{bank: x}", "x.txt"))


def test_a_text_is_weighed_once_however_many_formats_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    weighed: list[Source] = []
    weigh = evidence._weighed

    def counted(source: Source) -> evidence.Evidence:
        weighed.append(source)
        return weigh(source)

    monkeypatch.setattr(evidence, "_weighed", counted)
    assert detect(Source(PAPER.encode(), "a.txt")).name == "text"
    assert len(weighed) == 1
