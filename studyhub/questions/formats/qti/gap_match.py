"""Words that belong into the gaps of a text, as a choice in each gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from string import ascii_uppercase

from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import skip
from studyhub.questions.formats.gap_text import Gap
from studyhub.questions.formats.qti.declarations import Response

_APART = frozenset({"prompt", "gapText"})


def unfold(interaction: Element) -> list[Element]:
    """Make the interaction a part of the text, its prompt first; the gaps that stand in it in their order."""
    asked = [Element("p", children=prompt.children) for prompt in interaction.all("prompt")]
    interaction.tag = "div"
    interaction.children = [*asked, *(child for child in interaction.children if not _is_apart(child))]
    return list(interaction.descendants("gap"))


def asked(places: Sequence[Element], response: Response, words: Mapping[str, str]) -> list[Gap]:
    """What belongs into each gap, of these words by their identifiers. Raises Skip."""
    if len(words) > len(ascii_uppercase):
        skip("too_many_options", most=len(ascii_uppercase))
    letters = dict(zip(words, ascii_uppercase, strict=False))
    options = {letters[key]: word for key, word in words.items()}
    mates: dict[str, tuple[str, str]] = {}
    for pair in response.right:
        word, _, place = pair.partition(" ")
        if place in words:
            word, place = place, word
        mates.setdefault(place.strip(), (word, pair))
    made = []
    for gap in places:
        word, pair = mates.get(gap.get("identifier"), ("", ""))
        if word not in letters:
            skip("gap_not_found", name=gap.get("identifier")[:80])
        single = {"type": "single", "options": options, "answer": letters[word]}
        made.append(Gap(single, response.mapping.get(pair) or Decimal(1)))
    return made


def _is_apart(child: Element | str) -> bool:
    return isinstance(child, Element) and child.tag in _APART
