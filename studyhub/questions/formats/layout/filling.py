"""填空: blanks as underscores, underlined room or empty brackets, and the text of each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from studyhub.questions.formats.exchange import Item
from studyhub.questions.formats.layout import answers, gaps
from studyhub.questions.formats.layout.gaps import Gap
from studyhub.questions.formats.layout.guess import Guess, among
from studyhub.questions.formats.layout.line import COLOUR, Line
from studyhub.questions.formats.layout.parts import Parts, concatenated

_LATIN_ROUND = re.compile(r"[\x00-\x7f]\s*[/／]\s*[\x00-\x7f]")


def item(parts: Parts) -> tuple[Item, list[Guess]]:
    """The gap text, with the guesses that were made of it."""
    stem = parts.stem
    explicit = [line for name in ("answer", "keyed") for line in parts.fields.get(name, ()) if not line.blank]
    blanks = gaps.blanks(stem)
    if not explicit:
        return _filled(stem, blanks)
    told = concatenated(explicit)
    if not blanks:
        return _without_blank(stem, told)
    bare: Item = {"type": "blank", "prompt": gaps.with_blanks(stem, blanks)}
    texts = answers.for_blanks(told.text, told.half, len(blanks))
    if texts is None:
        given = {"answer": [[answers.bare(told.text)]]}
        return bare | given, [Guess("blank_count", {"blanks": len(blanks), "value": told.text[:80]})]
    return _with_alternatives(bare, texts)


def _with_alternatives(bare: Item, texts: Sequence[str]) -> tuple[Item, list[Guess]]:
    """Each text of a blank alone, or as two that are both right: a guess, unless 甲 或 乙 says it."""
    told = [answers.told_apart(text) for text in texts]
    split = [[part for one in each for part in answers.alternatives(one)] for each in told]
    if split == told:
        return bare | {"answer": told}, []
    keep = any(_LATIN_ROUND.search(text) for text in texts)
    guess, other = (told, split) if keep else (split, told)
    name = "alternatives" if keep else "one_text"
    choices = among(bare, {name: {"answer": other}})
    return bare | {"answer": guess}, [Guess("alternatives", {"value": "；".join(texts)[:80]}, choices)]


def _filled(stem: Line, blanks: Sequence[Gap]) -> tuple[Item, list[Guess]]:
    """The answers stand in the blanks themselves."""
    behind = gaps.answer_behind(stem) if blanks else None
    if behind is not None:
        found, guesses = item(Parts(stem.part(0, behind.start), fields={"answer": [Line(behind.inside)]}))
        return found, [*guesses, Guess("answer_in_blank", {"value": behind.inside[:80]})]
    filled = gaps.filled(stem)
    if not filled:
        bare: Item = {"type": "blank", "prompt": gaps.with_blanks(stem, list(blanks)) or stem.text}
        return bare, [Guess("no_answer")]
    question: Item = {
        "type": "blank",
        "prompt": gaps.with_blanks(stem, filled),
        "answer": [[gap.inside] for gap in filled],
    }
    if gaps.underlined(stem) or _coloured(stem, filled):
        return question, []
    return question, [Guess("answer_in_blank", {"value": "；".join(gap.inside for gap in filled)[:80]})]


def _coloured(stem: Line, filled: Sequence[Gap]) -> bool:
    """Whether the words in each blank are red, and the text is not."""
    return not stem.set_apart(COLOUR) and all(
        any(start < gap.end and gap.start < end for start, end in stem.stretches(COLOUR)) for gap in filled
    )


def _without_blank(stem: Line, told: Line) -> tuple[Item, list[Guess]]:
    """The text has no blank: words in it that are the answer become one, else one is put at its end."""
    text = answers.bare(told.text)
    at = stem.text.find(text) if text else -1
    gap = Gap(at, at + len(text)) if at >= 0 else Gap(len(stem.text), len(stem.text))
    question: Item = {"type": "blank", "prompt": gaps.with_blanks(stem, [gap]), "answer": [[text]]}
    return question, [Guess("no_blank")]
