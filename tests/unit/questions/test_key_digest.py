"""What of a question its marks rest on: answer, options, points and marking, and nothing else."""

from __future__ import annotations

import pytest

from .bank_texts import HEAD, bank

SINGLE = "type: single\nprompt: 问\noptions: {A: 甲, B: {text: 乙, feedback: 想一想}, C: 丙}\nanswer: A"
MULTIPLE = "type: multiple\nprompt: 问\noptions: {A: 甲, B: 乙, C: 丙}\nanswer: [A, C]"
BLANK = "type: blank\nprompt: '[[1]] 和 [[2]]'\nanswer: [[支部, 党支部], [小组, Party]]"
NUMBER = "type: number\nprompt: 多少\nanswer: 200\ntolerance: 1%\nunit: 米"
MATCH = "type: match\nprompt: 配\npairs: {甲: 一, 乙: 二}\ndistractors: [三, 四]"
ORDER = "type: order\nprompt: 排\nitems: [甲, 乙, 丙]"
ESSAY = "type: essay\nprompt: 论\nmodel_answer: 要点\nmax_chars: 500"
VARIED = (
    "type: single\nprompt: '{{a}} 加一'\nvariables: {a: {from: 2, to: 9}}\n"
    "options: {A: '{{a+1}}', B: {text: '{{a}}', feedback: 不对}}\nanswer: A"
)


def key(question: str) -> str:
    lines = f"id: q\n{question}".replace("\n", "\n    ")
    return bank(f"{HEAD}  - {lines}\n").questions[0].key_digest


@pytest.mark.parametrize(
    ("question", "old", "new"),
    [
        (SINGLE, "prompt: 问", "prompt: 问？"),
        (SINGLE, "想一想", "再想一想"),
        (SINGLE, "answer: A", "answer: A\nshuffle: false"),
        (SINGLE, "answer: A", "answer: A\nexplanation: 因为\ntags: [x]\ndifficulty: hard\nretired: true"),
        (SINGLE, "answer: A", "answer: A\npoints: 1.00"),
        (SINGLE, "{A: 甲, B: {text: 乙, feedback: 想一想}, C: 丙}", "{C: 丙, B: 乙, A: 甲}"),
        (MULTIPLE, "answer: [A, C]", "answer: CA"),
        (MULTIPLE, "answer: [A, C]", "answer: [A, C]\nmarking: under_share"),
        (BLANK, "[支部, 党支部]", "[党支部, 支部]"),
        (BLANK, "Party", "ＰＡＲＴＹ"),
        (BLANK + "\norder: any", "'[[1]] 和 [[2]]'", "'[[2]] 和 [[1]]'"),
        (BLANK + "\norder: any", "[[支部, 党支部], [小组, Party]]", "[[小组, Party], [支部, 党支部]]"),
        (NUMBER, "answer: 200", "answer: 200.00"),
        (NUMBER, "answer: 200", "answer: 2e2"),
        (NUMBER, "tolerance: 1%", "tolerance: 1.0%"),
        (NUMBER, "tolerance: 1%", "tolerance: 2"),
        (NUMBER.replace("1%", "0"), "tolerance: 0", "tolerance: 0.0%"),
        (MATCH, "{甲: 一, 乙: 二}", "{乙: 二, 甲: 一}"),
        (MATCH, "[三, 四]", "[四, 三]"),
        (ESSAY, "max_chars: 500", "max_chars: 600"),
        (VARIED, "不对", "'再算 {{a*1}}'"),
    ],
)
def test_what_gives_every_answer_the_same_mark_keeps_the_key(question: str, old: str, new: str) -> None:
    assert question.count(old) == 1
    assert key(question.replace(old, new)) == key(question)


@pytest.mark.parametrize(
    ("question", "old", "new"),
    [
        (SINGLE, "answer: A", "answer: B"),
        (SINGLE, "丙", "丁"),
        (SINGLE, "answer: A", "answer: A\npoints: 2"),
        (SINGLE, ", C: 丙", ""),
        (MULTIPLE, "answer: [A, C]", "answer: [A, B]"),
        (MULTIPLE, "answer: [A, C]", "answer: [A, C]\nmarking: exact"),
        (BLANK, "'[[1]] 和 [[2]]'", "'[[2]] 和 [[1]]'"),
        (BLANK, "[[支部, 党支部], [小组, Party]]", "[[小组, Party], [支部, 党支部]]"),
        (BLANK, "[支部, 党支部]", "[支部]"),
        (BLANK, "[[支部", "[[支部委员会"),
        (BLANK, "Party]]", "Party]]\ncase: exact"),
        (BLANK, "Party]]", "Party]]\norder: any"),
        (NUMBER, "answer: 200", "answer: 200.01"),
        (NUMBER, "tolerance: 1%", "tolerance: 2%"),
        (NUMBER, "unit: 米", "unit: 千米"),
        (MATCH, "{甲: 一, 乙: 二}", "{甲: 二, 乙: 一}"),
        (MATCH, "[三, 四]", "[三]"),
        (ORDER, "[甲, 乙, 丙]", "[乙, 甲, 丙]"),
        (ORDER, "[甲, 乙, 丙]", "[甲, 乙, 丙]\nmarking: pairs"),
        (ESSAY, "要点", "另一要点"),
        (VARIED, "to: 9", "to: 8"),
        (VARIED, "{{a+1}}", "{{a+3}}"),
    ],
)
def test_what_gives_an_answer_another_mark_changes_the_key(question: str, old: str, new: str) -> None:
    assert question.count(old) == 1
    assert key(question.replace(old, new)) != key(question)
