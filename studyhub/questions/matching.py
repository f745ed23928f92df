"""Questions that came without an id, recognised in the bank that they come back to.

First by the words of the prompt, then by likeness (similarity.py). Only questions that the file would retire
are matched, each with one: so an upload of a corrected sheet is no thousand retired and a thousand new.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from studyhub.questions import similarity
from studyhub.questions.bank import Bank, Question
from studyhub.questions.similarity import Scope

SAME_WORDS = 100
MOST_COMPARED = 10_000
"""Pairs of questions with one and the same prompt that are compared in the rest of what they say."""


@dataclass(frozen=True, slots=True)
class Match:
    """The question of the file that was given the id `made` is the bank's question `known`."""

    made: str
    known: str
    percent: int
    """how alike the prompts are; 100 when they differ in blanks and punctuation at most"""

    @property
    def as_json(self) -> dict[str, Any]:
        """As the command line and the API report it."""
        return {"question": self.known, "percent": self.percent}

    @property
    def written(self) -> list[Any]:
        """JSON-ready."""
        return [self.made, self.known, self.percent]


def propose(bank: Bank, made: Collection[str], known: Bank) -> list[Match]:
    """Which of the questions whose ids were made are which of the known ones that the file lacks."""
    ours = {question.id for question in bank.questions}
    there = {question.id for question in known.questions}
    asked = [question for question in bank.questions if question.id in made and question.id not in there]
    left = [question for question in known.questions if question.id not in ours]
    same = list(_same_words(asked, left))
    done = {one.made for one in same} | {one.known for one in same}
    alike = _alike([q for q in asked if q.id not in done], [q for q in left if q.id not in done])
    return [*same, *alike]


def _same_words(asked: Sequence[Question], left: Sequence[Question]) -> Iterable[Match]:
    """Pairs with the same words. Where several ask the same, those with the most in common first."""
    known: defaultdict[str, list[Question]] = defaultdict(list)
    for question in left:
        known[_words(question)].append(question)
    groups: defaultdict[str, list[Question]] = defaultdict(list)
    for question in asked:
        groups[_words(question)].append(question)
    for words, group in groups.items():
        for one, other in _paired(group, known[words]):
            yield Match(one.id, other.id, SAME_WORDS)


def _paired(group: Sequence[Question], known: Sequence[Question]) -> Iterator[tuple[Question, Question]]:
    """Each with one of the others: those with the most in common first, else in their order."""
    if len(group) * len(known) > MOST_COMPARED:
        yield from zip(group, known, strict=False)
        return
    common = [
        (-_shared(one, other), at, to) for at, one in enumerate(group) for to, other in enumerate(known)
    ]
    ours: set[int] = set()
    theirs: set[int] = set()
    for _, at, to in sorted(common):
        if at not in ours and to not in theirs:
            ours.add(at)
            theirs.add(to)
            yield group[at], known[to]


def _alike(asked: Sequence[Question], left: Sequence[Question]) -> list[Match]:
    """Pairs of one type with prompts that say nearly the same, the most alike first."""
    both = [*left, *asked]
    scope = Scope([at < len(left) for at in range(len(both))], len(left))
    prompts = [question.prompt for question in both]
    found = similarity.pairs(prompts, scope) if left and asked else []
    taken: set[int] = set()
    matches = []
    for pair in sorted(found, key=lambda pair: -pair.percent):
        one, other = both[pair.second], both[pair.first]
        if one.type == other.type and pair.first not in taken:
            taken.add(pair.first)
            matches.append(Match(one.id, other.id, pair.percent))
    return matches


def _words(question: Question) -> str:
    return similarity.letters(question.prompt)


def _shared(one: Question, other: Question) -> int:
    """How many of their keys say the same."""
    mine, theirs = one.written, other.written
    return sum(_spelt(theirs.get(key)) == _spelt(value) for key, value in mine.items() if key != "id")


def _spelt(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def renamed(bank: Bank, names: Mapping[str, str]) -> Bank:
    """The bank with questions under other ids."""
    questions = (replace(q, id=names[q.id]) if q.id in names else q for q in bank.questions)
    return replace(bank, questions=tuple(questions))
