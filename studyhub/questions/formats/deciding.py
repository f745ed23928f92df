"""Doubtful items of a reading, what a person decides about each, and decisions that are rules."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from studyhub.questions.formats.exchange import Choice, Doubt, Format, Item, Place, Reading, Skipped
from studyhub.questions.formats.text import read_typed
from studyhub.questions.states import Verdict

_KEY = 16
_LONGEST_WORD = 40

_OF_WORDS = frozenset({"cell_type", "cell_no_verdict"})
"""Reasons that lie in a word: what is decided of it holds for this word."""

_ONCE = frozenset({"cell_empty", "no_column"})
"""Reasons after which every item is something else: another reading of one is no rule."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`choice` names another reading; `text` is what was typed in the place of the item."""

    verdict: Verdict
    choice: str = ""
    text: str = ""

    @property
    def is_general(self) -> bool:
        """Whether it can be a rule: not what is typed, nor an option that only this question has."""
        if self.verdict is Verdict.EDIT:
            return False
        return self.verdict is not Verdict.CHOOSE or not self.choice[-1:].isupper()


@dataclass(frozen=True, slots=True)
class Doubtful:
    """An item that a person should decide about: it was read by a guess, or left out for `reason`, by its
    reader (then there is no `item`) or by the checker.

    `key` is the same as long as the item says the same, is read the same, and is doubtful for the same.
    """

    key: str
    place: Place
    source: str
    item: Item | None = None
    doubts: tuple[Doubt, ...] = ()
    reason: Skipped | None = None
    at: int = -1
    """its index among the questions, or among those skipped"""

    @property
    def asks(self) -> bool:
        """Whether there is anything to decide: a guess, or words that could be read otherwise."""
        return bool(self.doubts or (self.reason and self.source))

    @property
    def is_read(self) -> bool:
        """Whether it was taken, by a guess."""
        return self.reason is None

    @property
    def choices(self) -> list[Choice]:
        """The other readings, each name once."""
        offered = [choice for doubt in self.doubts for choice in doubt.choices]
        offered += self.reason.choices if self.reason else ()
        return list({choice.name: choice for choice in offered}.values())

    @property
    def codes(self) -> list[str]:
        """What about it would come again: each doubt; and the reason, unless a doubt says why already."""
        codes = [doubt.code for doubt in self.doubts]
        if self.reason is not None and (self.reason.choices or not codes):
            codes.append(_again(self.reason))
        return list(dict.fromkeys(codes))

    def codes_for(self, decision: Decision) -> list[str]:
        """What this decision is an answer to: of another reading, the doubt or the reason that offers it."""
        if decision.verdict is not Verdict.CHOOSE:
            return self.codes
        said = [(doubt.code, doubt.choices) for doubt in self.doubts]
        if self.reason is not None and self.reason.code not in _ONCE:
            said.append((_again(self.reason), self.reason.choices))
        offering = (code for code, choices in said if any(c.name == decision.choice for c in choices))
        return list(dict.fromkeys(offering))


def _again(reason: Skipped) -> str:
    """What a rule calls a reason: of a word that means nothing to us, with that word."""
    word = str(reason.params.get("value", ""))[:_LONGEST_WORD]
    return f"{reason.code} {word}" if reason.code in _OF_WORDS else reason.code


Rules = Mapping[str, Decision]
"""By the code of a doubt, what is decided about it."""

Decide = Callable[[Doubtful], Decision | None]


def doubtful(reading: Reading, refused: Mapping[int, Skipped] | None = None) -> list[Doubtful]:
    """The doubtful items in the order of their source: with them those that the checker refuses (by their
    index), and those that were skipped and can be read."""
    return [one for one in _entries(reading, refused or {}) if one.asks]


def _entries(reading: Reading, refused: Mapping[int, Skipped]) -> list[Doubtful]:
    """Every question of a reading, and all that was skipped, as they stand in the source. Those that ask have
    keys, which are counted among the questions first."""
    doubts: dict[int, list[Doubt]] = {}
    for doubt in reading.doubts:
        doubts.setdefault(doubt.at, []).append(doubt)
    keys = _Keys()
    found = []
    for at, question in enumerate(reading.questions):
        about = tuple(doubts.get(at, ()))
        source = about[0].source if about else reading.sources[at]
        place = about[0].place if about else reading.places[at]
        found.append(keys.given(Doubtful("", place, source, question, about, refused.get(at), at)))
    # Sorting keeps the order of those that are alike: what was skipped before a question comes before it.
    skipped = [
        (one.before, keys.given(Doubtful("", one.place, one.source, reason=one, at=at)))
        for at, one in enumerate(reading.skipped)
    ]
    return [one for _at, one in sorted([*skipped, *enumerate(found)], key=itemgetter(0))]


class _Keys:
    """Names items by their words, by what these were taken for and by what else they may mean, which the
    colours of a Word document or a heading far above may change; and by which of several that are alike."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def given(self, one: Doubtful) -> Doubtful:
        """The item with its key, if there is anything to decide about it."""
        if not one.asks:
            return one
        others = [(choice.name, _telling(choice.item)) for choice in one.choices]
        basis = f"{one.source}\n{one.item and _telling(one.item)}\n{one.codes}\n{others}"
        self._seen[basis] += 1
        digest = hashlib.sha256(f"{self._seen[basis]}\n{basis}".encode("utf-8", "replace"))
        return replace(one, key=digest.hexdigest()[:_KEY])


def _telling(item: Item) -> Item:
    """An item without its points: a heading gives them to all below it, and nobody decides about them."""
    parts = item.get("questions")
    own = {key: value for key, value in item.items() if key not in ("points", "questions")}
    return {**own, "questions": [_telling(part) for part in parts]} if isinstance(parts, list) else own


def fits(one: Doubtful, decision: Decision) -> bool:
    """Whether what was decided elsewhere can be done to this item."""
    if decision.verdict is Verdict.ACCEPT:
        return one.item is not None and one.reason is None
    names = {choice.name for choice in one.choices}
    return decision.verdict is not Verdict.CHOOSE or decision.choice in names


def by_rules(one: Doubtful, rules: Rules) -> Decision | None:
    """What the rules say about an item: only when each of its doubts has one, and they agree."""
    found = [rules.get(code) for code in one.codes]
    if any(decision is None for decision in found) or len(set(found)) != 1:
        return None
    return found[0] if found[0] and fits(one, found[0]) else None


def decided(
    reading: Reading,
    decide: Decide,
    refused: Mapping[int, Skipped] | None = None,
    origin: Format | None = None,
) -> Reading:
    """The reading of a source of this format after the decisions. What nobody decided about stays as it was
    read, doubts and all; `refused` is what the checker has against it, as for `doubtful`."""
    made = Reading(notes=list(reading.notes), assets=reading.assets, head=reading.head)
    for one in _entries(reading, refused or {}):
        decision = decide(one) if one.asks else None
        if decision is not None and (one.item or decision.verdict in (Verdict.EDIT, Verdict.CHOOSE)):
            _decide(made, one, decision, origin)
        elif one.item is None:
            made.skipped.append(replace(reading.skipped[one.at], before=len(made.questions)))
        else:
            _add(made, reading.places[one.at], one.item, reading.sources[one.at], one.doubts)
    return made


def _decide(made: Reading, one: Doubtful, decision: Decision, origin: Format | None) -> None:
    if decision.verdict is Verdict.LEAVE:
        made.skipped.append(Skipped(one.place, "left_out", before=len(made.questions)))
    elif decision.verdict is Verdict.EDIT:
        for question in typed(decision.text, origin).questions:
            _add(made, one.place, question, one.source)
    else:
        named = {choice.name: choice.item for choice in one.choices}
        chosen = named.get(decision.choice) if decision.verdict is Verdict.CHOOSE else one.item
        assert chosen is not None
        _add(made, one.place, chosen, one.source)


def _add(made: Reading, place: Place, question: Item, source: str, doubts: Iterable[Doubt] = ()) -> None:
    at = len(made.questions)
    made.questions.append(question)
    made.places.append(place)
    made.sources.append(source)
    made.doubts += (replace(doubt, at=at) for doubt in doubts)


def typed(text: str, origin: Format | None = None) -> Reading:
    """What a person typed in the place of an item, as a source of this format has it."""
    return (origin.typed if origin and origin.typed else read_typed)(text)


def undecided(items: Sequence[Doubtful], decide: Decide) -> list[Doubtful]:
    return [one for one in items if decide(one) is None]
