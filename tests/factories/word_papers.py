"""Well-formed questions in Word's ways, from a seed: numbers by Word, answers in colour or a table."""

from __future__ import annotations

from random import Random

from docx import Document
from docx.document import Document as Made

from tests.factories import word
from tests.factories.papers import EASE, HAN, KINDS, LETTERS, Asked, Paper, asked, expected, shown, style
from tests.factories.word import Level

LISTS = (
    (Level("chineseCounting", "%1、"), Level("decimal", "%2."), Level("upperLetter", "%3.")),
    (Level("chineseCountingThousand", "第%1部分"), Level("decimal", "（%2）"), Level("upperLetter", "%3、")),
    (Level("japaneseCounting", "%1、"), Level("decimal", "第%2题"), Level("upperLetter", "（%3）")),
    (Level("chineseCounting", "（%1）"), Level("decimalFullWidth", "%2．"), Level("upperLetter", "%3")),
)
ANSWERS = ("red", "highlight", "label", "bracket", "table", "soft")
LIST = 100


def word_paper(seed: int, each: int = 4) -> tuple[bytes, Paper]:
    """A document of four sections, `each` questions a section, and what must be read of it."""
    random = Random(seed)
    made = Paper(style(random))
    document = Document()
    word.define(document, LIST, random.choice(LISTS))
    given = random.choice(ANSWERS)
    letters_by_word = random.random() < 0.7
    key: list[list[tuple[str, str]]] = []
    for kind in KINDS:
        word.numbered(document, f"{KINDS[kind]}（每题2分）", LIST, 0)
        key.append([])
        for number in range(1, each + 1):
            question = asked(random, kind, made.style)
            _write(document, made, question, given, letters_by_word)
            key[-1].append((str(number), shown(made.style, question)))
            made.expected.append(expected(question, made.style) | {"points": "2"})
    if given == "table":
        _table(document, key)
    return word.saved(document), made


def _write(document: Made, made: Paper, question: Asked, given: str, letters_by_word: bool) -> None:
    answer = shown(made.style, question)
    marked = given in ("red", "highlight") and question.options
    in_bracket = given == "bracket" and question.kind != "blank"
    room = f"（{answer}）" if in_bracket else "（　）"
    if question.kind == "truefalse":
        stem = question.stem + room
    elif question.kind == "blank":
        stem = question.stem.format(*[made.style.blank] * len(question.answer))
    else:
        stem = question.stem.format(room)
    lines = stem.split("\n")
    word.numbered(document, lines[0], LIST, 1)
    for line in lines[1:]:
        document.add_paragraph(line)
    if given == "soft" and question.options:
        signed = [f"{letter}. {text}" for letter, text in zip(LETTERS, question.options, strict=False)]
        document.add_paragraph("\n".join(signed))
    else:
        _options(document, question, given, letters_by_word)
    if not in_bracket and not marked and given != "table":
        document.add_paragraph(f"答案：{answer}")
    if question.explanation:
        document.add_paragraph(f"解析：{question.explanation.strip()}")
    if question.difficulty:
        document.add_paragraph(f"难度：{EASE[question.difficulty]}")


def _options(document: Made, question: Asked, given: str, letters_by_word: bool) -> None:
    for letter, text in zip(LETTERS, question.options, strict=False):
        if letters_by_word:
            paragraph = word.numbered(document, text, LIST, 2)
        else:
            paragraph = document.add_paragraph(f"{letter}. {text}")
        if letter in question.answer and given == "red":
            word.red(paragraph)
        elif letter in question.answer and given == "highlight":
            word.highlighted(paragraph)


def _table(document: Made, key: list[list[tuple[str, str]]]) -> None:
    document.add_paragraph("参考答案")
    for at, (kind, answers) in enumerate(zip(KINDS, key, strict=True)):
        document.add_paragraph(f"{HAN[at]}、{KINDS[kind]}")
        table = document.add_table(2, len(answers) + 1)
        for row, cells in zip(table.rows, (["题号"], ["答案"]), strict=True):
            row.cells[0].text = cells[0]
        for place, (number, answer) in enumerate(answers, 1):
            table.rows[0].cells[place].text = number
            table.rows[1].cells[place].text = answer
