"""Plain text that leaves room for doubt: each guess is named beside its source, with the other readings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studyhub.questions.formats import FORMATS
from studyhub.questions.formats.conversion import admit
from studyhub.questions.formats.exchange import Reading, Source
from studyhub.questions.formats.layout import wording as layout
from studyhub.questions.formats.text import read


def reading(text: str, encoding: str = "utf-8") -> Reading:
    return read(Source(text.encode(encoding), "题库.txt"))


AB = "A. 甲\nB. 乙"
DOUBTFUL = {
    "no_answer": f"1. 选（ ）\n{AB}",
    "answer_unread": f"1. 选（ ）\n{AB}\n答案：见教材",
    "answer_no_option": f"1. 选（ ）\n{AB}\n答案：E",
    "single_with_several": f"单选题\n1. 选（ ）\n{AB}\n答案：AB",
    "multiple_with_one": f"多选题\n1. 选（ ）\n{AB}\n答案：A",
    "answers_differ": f"1. 选（A）\n{AB}\n答案：B",
    "several_brackets": f"1. 甲（A）乙（B）\n{AB}",
    "option_letters": "1. 选（ ）\nA. 甲\nB. 乙\nB. 丙\n答案：A",
    "line_after_options": f"1. 选（B）\n{AB}\n这一行属于谁",
    "answered_twice": f"1. 选（ ）\n{AB}\n答案：A\n答案：A",
    "number_jump": f"1. 选（A）\n{AB}\n3. 选（A）\n{AB}",
    "stem_unnumbered": f"1. 选（A）\n{AB}\n\n没有题号（A）\n{AB}",
    "kind_differs": f"填空题\n1. 选（ ）\n{AB}\n答案：A",
    "verdict_letter": "判断题\n1. 甲。\n答案：A",
    "alternatives": "填空题\n1. 首都是____。\n答案：北京/北京市",
    "answer_in_blank": "填空题\n1. 首都是（北京）。",
    "no_blank": "填空题\n1. 首都是哪里\n答案：北京",
    "blank_count": "填空题\n1. ____和____\n答案：甲",
    "under_material": f"【材料】\n一段材料。\n1. 选（A）\n{AB}",
}


@pytest.mark.parametrize("code", DOUBTFUL)
def test_a_guess_is_a_doubt_beside_its_source(code: str) -> None:
    found = reading(DOUBTFUL[code])
    doubts = [doubt for doubt in found.doubts if doubt.code == code]
    assert doubts, [doubt.code for doubt in found.doubts]
    assert doubts[0].source.splitlines()[0] in DOUBTFUL[code]


def test_a_doubt_offers_the_other_readings() -> None:
    def names(code: str) -> list[str]:
        return [choice.name for choice in reading(DOUBTFUL[code]).doubts[0].choices]

    assert names("no_answer") == ["answer_A", "answer_B"]
    assert names("single_with_several") == ["single_A", "single_B"]
    assert names("multiple_with_one") == ["single"]
    assert names("alternatives") == ["one_text"]


def test_a_doubt_keeps_its_question_through_the_conversion() -> None:
    admitted = admit(Source(DOUBTFUL["multiple_with_one"].encode(), "a.txt"), FORMATS["text"])
    assert admitted.bank is not None
    assert [doubt.question for doubt in admitted.doubts] == [admitted.bank.questions[0].id]


def test_a_refused_question_keeps_its_words() -> None:
    admitted = admit(Source(DOUBTFUL["no_answer"].encode(), "a.txt"), FORMATS["text"])
    assert [one.source for one in admitted.skipped] == [DOUBTFUL["no_answer"]]


def test_every_guess_has_its_sentence_and_none_is_left_over() -> None:
    folder = Path(layout.__file__).parent
    sources = [path.read_text("utf-8") for path in folder.glob("*.py") if path.name != "wording.py"]
    words = {word for source in sources for word in re.findall(r'"([a-z_0-9]+)"', source)}
    guessed = {
        word for one in sources for word in re.findall(r'(?:uess\(|doubts\.append\()\s*"([a-z_]+)"', one)
    }
    assert guessed - set(layout.DOUBTS) == set()
    assert ({*layout.DOUBTS, *layout.REASONS, *layout.NOTES} - words) == set()
