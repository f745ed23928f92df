"""Moodle XML: how a question is written. moodle_reading.py reads it, moodle_texts.py knows its texts.

The bank is a category with the bank's slug as its ID number; a question's id is its ID number. Elements stand
in the order in which Moodle exports them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import partial

from studyhub.kernel.package import is_zip
from studyhub.questions.bank import PASSAGE
from studyhub.questions.formats import moodle_reading, to_markup, weights
from studyhub.questions.formats.carrying import Tell, carried, carry
from studyhub.questions.formats.decoding import LARGEST
from studyhub.questions.formats.exchange import Carried, Draft, Format, Item, Note, Source, Writing
from studyhub.questions.formats.from_markup import literal
from studyhub.questions.formats.gift import absolute_tolerance
from studyhub.questions.formats.moodle_calculated import Numbers
from studyhub.questions.formats.moodle_cloze import gap
from studyhub.questions.formats.moodle_texts import Written, formatted, with_gaps, with_line
from studyhub.questions.formats.xml_writing import DECLARATION, content, escaped, lines, tag

_SHARED = frozenset({"explanation", "tags", "points", "retired", "images"})
_LOST = {
    "blank": frozenset({"order"}),
    "order": frozenset({"shuffle"}),
    "essay": frozenset({"rubric", "max_chars"}),
}
CARRIES: Carried = {
    kind: keys | ({"variables"} if kind in ("single", "multiple", "number") else frozenset())
    for kind, keys in carried(_SHARED, but=_LOST).items()
}
_TYPES = {
    "single": "multichoice",
    "truefalse": "truefalse",
    "multiple": "multichoice",
    "blank": "shortanswer",
    "cloze": "cloze",
    "number": "numerical",
    "match": "matching",
    "order": "ordering",
    "essay": "essay",
    PASSAGE: "description",
}
_CALCULATED = {"number": "calculatedsimple", "single": "calculatedmulti", "multiple": "calculatedmulti"}
_EMPTY_FEEDBACK = '<feedback format="html"><text></text></feedback>'
_COMBINED = [
    f'<{name} format="html"><text></text></{name}>'
    for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
]
_LONGEST_NAME = 80
_ROOT = re.compile(rb"<quiz\b")
Assets = Mapping[str, bytes]


def write(draft: Draft) -> Writing:
    made, writing = carry(
        draft, CARRIES, partial(_question, draft.assets), frozenset({"bank", "title", "language"})
    )
    title = str(draft.head["title"]).strip("/ \n")
    if title != draft.head["title"]:
        writing.notes.append(Note("bank_key_lost", {"key": "title"}))
    questions = "\n".join([_category(draft.slug, title), *made])
    language = escaped(str(draft.head["language"]))
    writing.data = f'{DECLARATION}<quiz xml:lang="{language}">\n{questions}\n</quiz>\n'.encode()
    writing.suffix = ".xml"
    if len(writing.data) > LARGEST:
        too_large = {"bytes": len(writing.data), "largest": LARGEST}
        writing.notes.append(Note("larger_than_read", too_large))
    return writing


def recognises(source: Source) -> bool:
    # A package that is not compressed shows its first file, and those of Canvas hold a <quiz>, too.
    return not is_zip(source.data) and _ROOT.search(source.data[:4096].replace(b"\0", b"")) is not None


def _category(slug: str, title: str) -> str:
    path = "$course$/top/" + title.replace("/", "//")
    inner = [
        tag("category", tag("text", content(path))),
        '<info format="html"><text></text></info>',
        tag("idnumber", slug),
    ]
    return tag("question", lines(inner), type="category")


def _question(assets: Assets, item: Item, tell: Tell) -> str:
    if item["type"] == PASSAGE:
        return _passage(assets, item, tell)
    name = _name(item)
    if not item.get("variables"):
        kind = "cloze" if _is_cloze(item) else item["type"]
        return _element(item, assets, _TYPES[kind], name, _BODIES[kind](item, assets, tell))
    numbers = Numbers(item, tell)
    body = _CALCULATED_BODIES[item["type"]](numbers, assets, tell)
    return numbers.placed(_element(numbers.item, assets, _CALCULATED[item["type"]], name, body))


def _passage(assets: Assets, item: Item, tell: Tell) -> str:
    """The text, and the questions about it; their ID numbers begin with its own."""
    hidden = {"retired": True} if item.get("retired") else {}
    parts = (part | hidden | {"id": f"{item['id']}/{part['id']}"} for part in item["questions"])
    text = _element({"points": "0", **item}, assets, _TYPES[PASSAGE], _name(item), ())
    return "\n".join([text, *(_question(assets, part, tell) for part in parts)])


def _element(item: Item, assets: Assets, type_: str, name: str, body: Iterable[str]) -> str:
    kind = "cloze" if _is_cloze(item) else item["type"]
    head = [
        tag("name", tag("text", content(name))),
        formatted("questiontext", item["prompt"], assets, written=_WRITTEN.get(kind, _as_text)(item)),
        formatted("generalfeedback", item.get("explanation", ""), assets),
        tag("defaultgrade", item.get("points", "1")),
        tag("penalty", "1" if kind == "truefalse" else "0.3333333"),
        tag("hidden", "1" if item.get("retired") else "0"),
        tag("idnumber", item["id"]),
    ]
    tags = [tag("tag", tag("text", content(one))) for one in item.get("tags", ())]
    children = [*head, *body, *([tag("tags", *tags)] if tags else [])]
    return tag("question", lines(children), type=type_)


def _name(item: Item) -> str:
    """What lists of Moodle show."""
    return to_markup.prompt_line(item["prompt"])[:_LONGEST_NAME] or str(item["id"])


def _choice(item: Item, assets: Assets, tell: Tell, *inner: str) -> Iterator[str]:
    several = item["type"] == "multiple"
    shares = weights.of_options(item, tell) if several else {item["answer"]: "100"}
    yield tag("single", "false" if several else "true")
    yield _shuffle(item)
    yield tag("answernumbering", "ABCD")
    yield tag("showstandardinstruction", "1" if several else "0")
    yield from _COMBINED
    for key, option in item["options"].items():
        text, told = (option["text"], option["feedback"]) if isinstance(option, dict) else (option, "")
        feedback = formatted("feedback", told, assets)
        yield formatted("answer", text, assets, *inner, feedback, fraction=shares.get(key, "0"))


def _truefalse(item: Item, assets: Assets, tell: Tell) -> Iterator[str]:
    for verdict in (True, False):
        share = "100" if item["answer"] is verdict else "0"
        yield _plain_answer("true" if verdict else "false", share)


def _is_cloze(item: Item) -> bool:
    return item["type"] == "blank" and len(item["answer"]) > 1


def _cloze(item: Item, assets: Assets, tell: Tell) -> Iterator[str]:
    if Decimal(item.get("points", "1")) != _worth(item) * len(item["answer"]):
        tell("points_by_blanks", points=_worth(item) * len(item["answer"]))
    yield from ()


def _worth(item: Item) -> int:
    """The whole number of points that each blank has in Moodle."""
    worth = Decimal(item.get("points", "1")) / len(item["answer"])
    return int(worth) if worth >= 1 and worth == int(worth) else 1


def _as_text(item: Item) -> Written | None:
    return None


def _as_line(item: Item) -> Written:
    return with_line


def _as_gaps(item: Item) -> Written:
    exact, worth = item.get("case") == "exact", _worth(item)
    gaps = [gap(accepted, worth, exact=exact) for accepted in item["answer"]]
    return lambda text: with_gaps(text, gaps)


_WRITTEN: dict[str, Callable[[Item], Written]] = {"blank": _as_line, "cloze": _as_gaps}


def _blank(item: Item, assets: Assets, tell: Tell) -> Iterator[str]:
    yield tag("usecase", "1" if item.get("case") == "exact" else "0")
    for text in item["answer"][0]:
        # Moodle takes a bare asterisk for any text at all.
        yield _plain_answer(text.replace("*", "\\*"), "100")


def _number(item: Item, assets: Assets, tell: Tell) -> Iterator[str]:
    yield _plain_answer(item["answer"], "100", tag("tolerance", absolute_tolerance(item)))
    yield from _unit(item)


def _calculated(numbers: Numbers, assets: Assets, tell: Tell) -> Iterator[str]:
    yield tag("synchronize", "0")
    yield tag("single", "0")
    yield from _COMBINED
    tolerance = numbers.item.get("tolerance", "0")
    yield _plain_answer(numbers.answer(), "100", *numbers.judging(tolerance))
    yield from _unit(numbers.item)
    yield numbers.datasets()


def _calculated_choice(numbers: Numbers, assets: Assets, tell: Tell) -> Iterator[str]:
    yield tag("synchronize", "0")
    yield from _choice(numbers.item, assets, tell, *numbers.judging())
    yield numbers.datasets()


_CALCULATED_BODIES: dict[str, Callable[[Numbers, Assets, Tell], Iterator[str]]] = {
    "number": _calculated,
    "single": _calculated_choice,
    "multiple": _calculated_choice,
}


def _unit(item: Item) -> Iterator[str]:
    unit = item.get("unit", "")
    if unit:
        yield tag("units", tag("unit", tag("multiplier", "1"), tag("unit_name", content(unit))))
    yield tag("unitgradingtype", "0")
    yield tag("unitpenalty", "0.1")
    yield tag("showunits", "0" if unit else "3")
    yield tag("unitsleft", "0")


def _match(item: Item, assets: Assets, tell: Tell) -> Iterator[str]:
    yield _shuffle(item)
    yield from _COMBINED
    for left, right in [*item["pairs"].items(), *(("", text) for text in item.get("distractors", ()))]:
        yield formatted("subquestion", left, assets, _right(right, tell))


def _right(text: str, tell: Tell) -> str:
    """Moodle lists the right sides as plain text."""
    plain = to_markup.plain(text)
    if literal(plain) == text:
        return tag("answer", tag("text", content(plain)))
    tell("signs_shown")
    return tag("answer", tag("text", content(text)), format="markdown")


def _order(item: Item, assets: Assets, tell: Tell) -> Iterator[str]:
    pairs = item.get("marking") == "pairs"
    yield tag("layouttype", "VERTICAL")
    yield tag("selecttype", "ALL")
    yield tag("selectcount", "0")
    yield tag("gradingtype", "RELATIVE_ALL_PREVIOUS_AND_NEXT" if pairs else "ALL_OR_NOTHING")
    yield tag("showgrading", "SHOW")
    yield tag("numberingstyle", "none")
    yield from _COMBINED
    yield tag("shownumcorrect", "1")
    for place, text in enumerate(item["items"], 1):
        yield formatted("answer", text, assets, _EMPTY_FEEDBACK, fraction=str(place))


def _essay(item: Item, assets: Assets, tell: Tell) -> Iterator[str]:
    yield tag("responseformat", "editor")
    yield tag("responserequired", "1")
    yield tag("responsefieldlines", "10")
    yield tag("attachments", "0")
    yield tag("attachmentsrequired", "0")
    yield formatted("graderinfo", item.get("model_answer", ""), assets)
    yield '<responsetemplate format="html"><text></text></responsetemplate>'


def _plain_answer(text: str, share: str, *inner: str) -> str:
    return tag(
        "answer",
        tag("text", content(text)),
        _EMPTY_FEEDBACK,
        *inner,
        fraction=share,
        format="moodle_auto_format",
    )


def _shuffle(item: Item) -> str:
    return tag("shuffleanswers", "true" if item.get("shuffle", True) else "false")


_BODIES: dict[str, Callable[[Item, Assets, Tell], Iterator[str]]] = {
    "single": _choice,
    "multiple": _choice,
    "truefalse": _truefalse,
    "blank": _blank,
    "cloze": _cloze,
    "number": _number,
    "match": _match,
    "order": _order,
    "essay": _essay,
}

FORMAT = Format("moodle-xml", ".xml", CARRIES, recognises, moodle_reading.read, write)
