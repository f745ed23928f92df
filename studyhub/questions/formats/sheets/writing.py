"""Questions → rows of a workbook or a CSV file; every cell is text, and none is taken for a formula."""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.image import Image

from studyhub.questions import images
from studyhub.questions.formats import pictures
from studyhub.questions.formats.carrying import EVERYTHING, SHARED, Tell, carried, carry
from studyhub.questions.formats.exchange import Assets, Carried, Draft, Item, Writing, skip
from studyhub.questions.formats.sheets import brackets, variables
from studyhub.questions.formats.sheets.cells import ALTERNATIVES, LINES, LISTED, joined, quoted, unlabelled
from studyhub.questions.formats.sheets.columns import FEEDBACK, NAMES, OPTION, word_for
from studyhub.questions.formats.sheets.kinds import WORDS
from studyhub.questions.formats.sheets.passages import COLUMN
from studyhub.questions.formats.sheets.stationery import FORM, HEAD, height, lay_out
from studyhub.questions.formats.sheets.tables import guarded

CARRIES: Carried = carried(SHARED | {"variables"})
_HEAD = frozenset({"bank", "title", "language"})
_ALWAYS = ("id", "type", "prompt", "option A", "option B", "option C", "option D", "answer", "explanation")
LONGEST_CELL = 32_767
_HELD = frozenset({"image/png", "image/jpeg", "image/gif"})
_HIGHEST, _MARGIN = 120, 24
"""Pixels: so high is a picture at most, and so much room for the text is left above it."""

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_xlsx(draft: Draft) -> Writing:
    made, writing = carry(draft, EVERYTHING, partial(_pictured, draft.assets), _HEAD)
    rows = [row for rows in made for row in rows]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({
            "title": draft.head["title"],
            "subject": draft.slug,
            "keywords": draft.head["language"],
        })  # fmt: skip
        as_text, head = book.add_format(FORM), book.add_format(HEAD)
        sheet = book.add_worksheet("试题" if _is_chinese(draft) else "questions")
        columns = _columns(rows)
        lay_out(sheet, columns, as_text)
        _fill(sheet, 0, _heads(draft, columns), head)
        for number, row in enumerate(_in_words(draft, rows), 1):
            sheet.set_row(number, height(row.items()))
            _fill(sheet, number, [row.get(column, "") for column in columns], as_text)
            _show(sheet, number, row, columns, draft.assets)
    writing.data, writing.suffix = out.getvalue(), ".xlsx"
    return writing


def _is_chinese(draft: Draft) -> bool:
    return bool(draft.head["language"] == "zh")


def _heads(draft: Draft, columns: Sequence[str]) -> list[str]:
    """The words over the columns, in the language of the bank."""
    return [word_for(column) if _is_chinese(draft) else column for column in columns]


def _in_words(draft: Draft, rows: Sequence[Mapping[str, str]]) -> Iterable[Mapping[str, str]]:
    """What the cells say, in the language of the bank."""
    return map(_in_chinese, rows) if _is_chinese(draft) else rows


def _in_chinese(row: Mapping[str, str]) -> dict[str, str]:
    """The row of a Chinese bank in the words of its readers."""
    said = {column: WORDS[column].get(text, text) for column, text in row.items() if column in WORDS}
    if row["type"] == "truefalse":
        said["answer"] = "对" if row["answer"] == "true" else "错"
    return {**row, **said}


def _fill(sheet: Any, number: int, texts: Sequence[str], form: Any) -> None:
    for at, text in enumerate(texts):
        if text:
            sheet.write_string(number, at, text, form)


def _pictured(assets: Assets, item: Item, tell: Tell) -> list[dict[str, str]]:
    """The rows of a question. A sound, or a picture that a workbook cannot hold, is noted."""
    if any(path in assets and _image(assets[path]) is None for path in pictures.named(item)):
        tell("images_lost")
    return _rows(item, tell)


def _show(sheet: Any, number: int, row: Mapping[str, str], columns: Sequence[str], assets: Assets) -> None:
    """Lay each picture of a row onto the cell that names it, by the path that stands there."""
    for at, column in enumerate(columns):
        for path in dict.fromkeys(pictures.named(row.get(column, ""))):
            image = _image(assets[path]) if path in assets else None
            if image is None:
                continue
            scale = min(1.0, _HIGHEST / max(1.0, image.height))
            sheet.set_row_pixels(number, _HIGHEST + _MARGIN)
            sheet.insert_image(
                number,
                at,
                path,
                {
                    "image_data": io.BytesIO(assets[path]),
                    "description": path,
                    "x_scale": scale,
                    "y_scale": scale,
                    "y_offset": _MARGIN,
                    "object_position": 1,
                },
            )


def _image(data: bytes) -> Image | None:
    if images.media_type(data) not in _HELD:
        return None
    try:
        return Image(io.BytesIO(data))
    except (XlsxWriterException, struct.error, IndexError):
        return None


def write_csv(draft: Draft) -> Writing:
    made, writing = carry(draft, CARRIES, _rows, frozenset({"bank"}))
    rows = [row for rows in made for row in rows]
    out = io.StringIO(newline="")
    columns = _columns(rows)
    into = csv.writer(out)
    into.writerow(_heads(draft, columns))
    words = _in_words(draft, rows)
    into.writerows([guarded(row.get(column, "")) for column in columns] for row in words)
    # Without the mark Excel would read it in the encoding of the computer that it is opened on.
    writing.data, writing.suffix = out.getvalue().encode("utf-8-sig"), ".csv"
    return writing


def _columns(rows: Sequence[Mapping[str, str]]) -> list[str]:
    used = {*_ALWAYS}.union(*rows)
    return [name for name in _ORDER if name in used]


_ORDER = sorted(
    NAMES, key=lambda name: NAMES.index("answer") - 0.5 if name.startswith(OPTION) else NAMES.index(name)
)
"""Options stand between the prompt and the answer, as people expect them."""


def _rows(item: Item, tell: Tell) -> list[dict[str, str]]:
    """The row of a question; of a passage, that of its text and those of its questions."""
    parts = item.get("questions", ())
    return [_row(item), *(_row(part) | {COLUMN: item["id"]} for part in parts)]


def _row(item: Item) -> dict[str, str]:
    row = {key: str(item[key]) for key in ("id", "type", "prompt")}
    row |= _BODIES[item["type"]](item)
    row |= {key: item[key] for key in ("explanation", "points", "difficulty", "review_by") if item.get(key)}
    row |= {key: text for key, text in item.get("source", {}).items() if text}
    if item.get("tags"):
        row["tags"] = joined(item["tags"], LISTED, "; ")
    if item.get("variables"):
        row["variables"] = variables.spelt(item["variables"])
    if item.get("retired"):
        row["retired"] = "true"
    if brackets.holds_answer(item):
        row[brackets.COLUMN] = "true"
    if item.get("shuffle") is False:
        row["shuffle"] = "false"
    if any(len(text) > LONGEST_CELL for text in row.values()):
        skip("long_for_a_cell", longest=LONGEST_CELL)
    return row


def _choice(item: Item) -> dict[str, str]:
    options = item["options"]
    texts = {key: one["text"] if isinstance(one, dict) else one for key, one in options.items()}
    if unlabelled(texts):
        texts = {key: f"{key}. {text}" for key, text in texts.items()}
    row = {OPTION + key: text for key, text in texts.items()}
    row |= {FEEDBACK + key: one["feedback"] for key, one in options.items() if isinstance(one, dict)}
    answer = item["answer"]
    return row | {"answer": answer if isinstance(answer, str) else "".join(answer)} | _plain(item, "marking")


def _plain(item: Item, *keys: str) -> dict[str, str]:
    return {key: str(item[key]) for key in keys if item.get(key)}


def _truefalse(item: Item) -> dict[str, str]:
    return {"answer": "true" if item["answer"] else "false"}


def _blank(item: Item) -> dict[str, str]:
    lists = (joined(texts, ALTERNATIVES, " | ") for texts in item["answer"])
    return {"answer": "\n".join(lists)} | _plain(item, "order", "case")


def _number(item: Item) -> dict[str, str]:
    return {"answer": item["answer"]} | _plain(item, "tolerance", "unit")


def _match(item: Item) -> dict[str, str]:
    pairs = (f"{quoted(left, '→')} → {quoted(right, LINES)}" for left, right in item["pairs"].items())
    rest = joined(item.get("distractors", ()), LINES, "\n")
    return {"pairs": "\n".join(pairs)} | ({"distractors": rest} if rest else {})


def _order(item: Item) -> dict[str, str]:
    return {"items": joined(item["items"], LINES, "\n")} | _plain(item, "marking")


def _essay(item: Item) -> dict[str, str]:
    points = (f"{quoted(one['for'], '→')} → {one['points']}" for one in item.get("rubric", ()))
    rubric = "\n".join(points)
    return ({"rubric": rubric} if rubric else {}) | _plain(item, "model_answer", "max_chars")


_BODIES: Mapping[str, Callable[[Item], dict[str, str]]] = {
    "single": _choice,
    "multiple": _choice,
    "truefalse": _truefalse,
    "blank": _blank,
    "number": _number,
    "match": _match,
    "order": _order,
    "essay": _essay,
    "passage": lambda item: {},
}
