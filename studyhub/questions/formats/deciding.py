"""Doubtful items of a reading, what a person decides about each, and decisions that are rules."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from studyhub.questions.formats.exchange import Choice, Doubt, Item, Place, Reading, Skipped
from studyhub.questions.formats.text import read_typed
from studyhub.questions.states import Verdict

_KEY = 16


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

    `key` is the same as long as the item says the same.
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
    def choices(self) -> list[Choice]:
        """The other readings, each name once."""
        return list({choice.name: choice for doubt in self.doubts for choice in doubt.choices}.values())

    @property
    def codes(self) -> list[str]:
        """What about it would come again."""
        if self.reason is not None:
            return [self.reason.code]
        return list(dict.fromkeys(doubt.code for doubt in self.doubts))

    def codes_for(self, decision: Decision) -> list[str]:
        """What this decision is an answer to: of another reading, the doubt that offers it."""
        if decision.verdict is not Verdict.CHOOSE:
            return self.codes
        offering = (d for d in self.doubts if any(c.name == decision.choice for c in d.choices))
        return list(dict.fromkeys(doubt.code for doubt in offering))


Rules = Mapping[str, Decision]
"""By the code of a doubt, what is decided about it."""

Decide = Callable[[Doubtful], Decision | None]


def doubtful(reading: Reading, refused: Mapping[int, Skipped] | None = None) -> list[Doubtful]:
    """The doubtful items, in the order of the questions, and with them those that the checker refuses (by
    their index); then those that were skipped and can be read."""
    reasons = refused or {}
    items = [replace(one, reason=reasons.get(one.at)) if one.item else one for one in entries(reading)]
    return [one for one in items if one.doubts or (one.reason and one.source)]


def entries(reading: Reading) -> list[Doubtful]:
    """Every question of a reading, then all that was skipped. The keys are those of `doubtful`."""
    doubts: dict[int, list[Doubt]] = {}
    for doubt in reading.doubts:
        doubts.setdefault(doubt.at, []).append(doubt)
    seen: Counter[str] = Counter()
    found = []
    for at, question in enumerate(reading.questions):
        about = tuple(doubts.get(at, ()))
        source = about[0].source if about else reading.sources[at]
        place = about[0].place if about else reading.places[at]
        found.append(Doubtful(_key(source, seen), place, source, question, about, at=at))
    return found + [
        Doubtful(_key(one.source, seen), one.place, one.source, reason=one, at=at)
        for at, one in enumerate(reading.skipped)
    ]


def _key(source: str, seen: Counter[str]) -> str:
    """Of the words alone, and which of several items that say the same it is."""
    seen[source] += 1
    return hashlib.sha256(f"{seen[source]}\n{source}".encode("utf-8", "replace")).hexdigest()[:_KEY]


def by_rules(one: Doubtful, rules: Rules) -> Decision | None:
    """What the rules say about an item: only when each of its doubts has one, and they agree."""
    found = [rules.get(code) for code in one.codes]
    if any(decision is None for decision in found) or len(set(found)) != 1:
        return None
    decision = found[0]
    if decision is None or decision.verdict is Verdict.LEAVE:
        return decision
    if decision.verdict is Verdict.ACCEPT:
        return decision if one.item is not None else None
    return decision if any(choice.name == decision.choice for choice in one.choices) else None


def decided(reading: Reading, decide: Decide) -> Reading:
    """The reading after the decisions. What nobody decided about stays as it was read, doubts and all."""
    made = Reading(notes=list(reading.notes), assets=reading.assets, head=reading.head)
    for one in entries(reading):
        decision = decide(one) if one.doubts or one.source else None
        if one.item is None:
            if decision is None or decision.verdict is not Verdict.EDIT:
                made.skipped.append(reading.skipped[one.at])
            else:
                _decide(made, one, decision)
        elif decision is None:
            _add(made, reading.places[one.at], one.item, reading.sources[one.at], one.doubts)
        else:
            _decide(made, one, decision)
    return made


def _decide(made: Reading, one: Doubtful, decision: Decision) -> None:
    if decision.verdict is Verdict.LEAVE:
        made.skipped.append(Skipped(one.place, "left_out"))
    elif decision.verdict is Verdict.EDIT:
        for question in typed(decision.text).questions:
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


def typed(text: str) -> Reading:
    """What a person typed in the place of an item, in the same layout."""
    return read_typed(text)


class Settling:
    """Decides about a reading as it comes, and keeps what was there to decide."""

    def __init__(self, decide: Decide) -> None:
        self._decide = decide
        self.items: list[Doubtful] = []
        self._left_out = 0

    def __call__(self, reading: Reading) -> Reading:
        self.items = doubtful(reading)
        made = decided(reading, self._decide)
        self._left_out = len(made.skipped)
        return made

    @property
    def undecided(self) -> int:
        return len(undecided(self.items, self._decide))

    def refused(self, skipped: Sequence[Skipped]) -> int:
        """How many of what was left out in the end the checker refused, and nobody had doubts about."""
        known = {one.source for one in self.items}
        return sum(bool(one.source) and one.source not in known for one in skipped[self._left_out :])


def undecided(items: Sequence[Doubtful], decide: Decide) -> list[Doubtful]:
    return [one for one in items if decide(one) is None]
