"""A bank → the usual Chinese layout, as lines: a paper with its answers, to be read by people and by us.

Whatever can be typed can also look like something else: an option, a heading, the next number. So nothing is
written that our own reader would not read back as it was: it is asked, and says which question must stay out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from studyhub.questions.formats import html_source, to_markup
from studyhub.questions.formats.carrying import Tell, carry
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import (
    Carried,
    Draft,
    Item,
    Note,
    Place,
    Skipped,
    Writing,
    merged,
    skip,
)
from studyhub.questions.formats.layout import gaps
from studyhub.questions.formats.layout.line import foreign_signs_shown
from studyhub.questions.formats.layout.paper import Laid, Paper, paper_of
from studyhub.questions.formats.layout.proof import Proof, Read
from studyhub.questions.types.blank import MARK

_FORMULA = "\x00"
"""Tells a formula from dollars that were typed."""
_DOLLARS = re.compile(f"[{_FORMULA}$]+")


@dataclass(frozen=True, slots=True)
class Plain:
    """How a format says the Markdown of a bank: as it stands in the file, and what comes back of that."""

    said: Callable[[str], str]
    back: Callable[[str], str]
    spelt: Callable[[str], str] = str
    """the same text as it is spelt when it comes back: nothing of it is lost"""
    holds: Callable[[Element], bool] = bool
    """whether this table comes back as its rows, with tabs between the cells"""
    drawn: Callable[[str], str] = str
    """the same text without the formulas that are not drawn as such, where the format draws formulas"""


def lay_out(draft: Draft, carries: Carried, plain: Plain, read: Read) -> tuple[Paper, Writing]:
    """The paper, and the report. `read` is the reader of the format."""

    def laid(item: Item, tell: Tell) -> Laid:
        own = carried(item, carries)
        if _refused(own, plain.holds):
            skip("table_not_carried")
        expected = with_texts(own, plain.back)
        if not all(text.strip() for text in _listed(expected)):
            skip("layout_misread")
        spelt = with_texts(own, plain.spelt)
        if expected != spelt:
            if not _shows_the_same(expected, spelt):
                skip("layout_misread")
            tell("formatting_lost")
        if with_texts(own, foreign_signs_shown) != with_texts(own, str):
            tell("signs_replaced")
        if with_texts(own, plain.drawn) != with_texts(own, str):
            tell("formula_typed")
        for part in item.get("source", {}).keys() - own.get("source", {}).keys():
            tell("key_lost", key=f"source.{part}" if "source" in own else "source")
        # Signs that readers keep for themselves are shown: where they are no prose, they do not come back.
        return Laid(item["id"], with_texts(_shown(own), plain.said), expected)

    made, writing = carry(draft, carries, laid, frozenset({"title"}))
    proof = Proof(read)
    kept = proof.readable(made)
    writing.written = len(kept)
    writing.skipped += [
        Skipped(Place.named(one.name), "layout_misread") for one in made if one.name in proof.left_out
    ]
    notes = _of_the_rest([*writing.notes, *proof.notes], proof.left_out)
    title = str(draft.head["title"])
    titled = proof.titled(_shown(title), kept[:1])
    lost = [] if titled.comes_back and _shown(title) == title else [Note("bank_key_lost", {"key": "title"})]
    writing.notes = merged([*notes, *lost, Note("ids_lost")])
    return paper_of(kept).below(titled.lines), writing


def _shows_the_same(item: Item, was: Item) -> bool:
    """All but formatting. A formula may stand as it is typed; what was none never comes back as one."""
    now, before = _sights(item), _sights(was)
    words = [[_DOLLARS.sub("$", text) for text in texts] for texts in (now, before)]
    return words[0] == words[1] and "".join(now).count(_FORMULA) <= "".join(before).count(_FORMULA)


def _sights(item: Item) -> list[str]:
    found: list[str] = []

    def look(text: str) -> str:
        found.append(_seen_of(text))
        return text

    with_texts(item, look)
    return found


def _seen_of(markdown: str) -> str:
    """The words and formulas that a reader sees of Markdown, whatever their formatting, on one line."""
    root = html_source.parse(to_markup.HTML.block(foreign_signs_shown(markdown)))
    to_markup.listed(root)
    return " ".join("".join(_seen(root)).replace(to_markup.LINE, " ").split())


def _refused(item: Item, holds: Callable[[Element], bool]) -> bool:
    """Whether it has a table that would not stay one."""
    found: list[str] = []

    def look(text: str) -> str:
        found.append(to_markup.HTML.block(text) if "|" in text else "")
        return text

    with_texts(item, look)
    shown = [html_source.parse(html) for html in found if "<table>" in html]
    return not all(holds(table) for root in shown for table in root.descendants("table"))


def _seen(element: Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.tag == "math":
            yield "".join(f"{_FORMULA}{inner.text}{_FORMULA}" for inner in child.descendants("annotation"))
        elif child.tag == "img":
            yield child.get("alt")
        else:
            yield from _seen(child)
            yield " " if child.tag in ("br", "p", "li", "td", "th") else ""


def _of_the_rest(notes: Iterable[Note], left_out: Set[str]) -> Iterator[Note]:
    """What is said of questions that are in the paper, or of the whole."""
    for note in notes:
        places = tuple(place for place in note.places if place.name not in left_out)
        if places or not note.places:
            yield Note(note.code, note.params, places)


def _shown(value: Any) -> Any:
    """The same with signs that no reader takes for text made visible."""
    if isinstance(value, str):
        return foreign_signs_shown(value)
    if isinstance(value, dict):
        return {_shown(key): _shown(inner) for key, inner in value.items()}
    return [_shown(inner) for inner in value] if isinstance(value, list) else value


def _listed(item: Item) -> Iterator[str]:
    """The options and the like, each of which is something: a picture alone leaves nothing in a paper."""
    yield from item.get("options", {}).values()
    yield from (text for pair in item.get("pairs", {}).items() for text in pair)
    yield from (*item.get("items", ()), *item.get("distractors", ()))
    for part in item.get("questions", ()):
        yield from _listed(part)


# what of it comes back


def carried(item: Item, carries: Carried) -> Item:
    """What the layout has a place for; the id comes back of the content, and is no part of it."""
    keys = (carries[item["type"]] | {"type", "prompt"}) - {"id"}
    kept = {key: value for key, value in _lettered(item).items() if key in keys and value not in ("", [], {})}
    if "questions" in kept:
        kept["questions"] = [carried(part, carries) for part in kept["questions"]]
    if "source" in kept:
        document = kept.pop("source").get("document")
        kept |= {"source": {"document": document}} if document else {}
    return kept


def _lettered(item: Item) -> Item:
    """The options by the letters A, B, C …, without what is said to each."""
    if "options" not in item:
        return item
    letters = dict(zip(item["options"], ascii_uppercase, strict=False))
    answer = item["answer"]
    options = {
        letters[key]: one["text"] if isinstance(one, dict) else one for key, one in item["options"].items()
    }
    right = letters[answer] if isinstance(answer, str) else sorted(letters[key] for key in answer)
    return item | {"options": options, "answer": right}


def with_texts(item: Item, change: Callable[[str], str]) -> Item:
    """The item with its prose changed. Answers of blanks are compared, not shown: they stay."""
    changed = dict(item)
    if "prompt" in changed:
        blanks = MARK.sub(lambda found: gaps.sign(int(found[1])), changed["prompt"])
        changed["prompt"] = gaps.written(change(blanks))
    for key in ("explanation", "model_answer"):
        if key in changed:
            changed[key] = change(changed[key])
    if "options" in changed:
        changed["options"] = {key: change(text) for key, text in changed["options"].items()}
    if "pairs" in changed:
        changed["pairs"] = {change(left): change(right) for left, right in changed["pairs"].items()}
    for key in ("items", "distractors"):
        if key in changed:
            changed[key] = [change(text) for text in changed[key]]
    if "questions" in changed:
        changed["questions"] = [with_texts(part, change) for part in changed["questions"]]
    return changed
