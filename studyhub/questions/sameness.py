"""Which questions ask the same: by their prompts, and by the options where a prompt speaks of them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from studyhub.questions import similarity
from studyhub.questions.bank import Question
from studyhub.questions.similarity import Scope, Similar

CHOICES = ("single", "multiple")
"""The types with options that a prompt can speak of."""

MOST_REMEMBERED = 4
"""Of the questions with the same words and one same option: more would not stay linear."""

_SPEAKS_OF_OPTIONS = re.compile(
    "下列|以下|下面|哪(?:一|几|些)?[项个种条]|(?i:which of (?:the following|these))"
)


def speaks_of_options(prompt: str) -> bool:
    """Whether it says nothing without its options, such as 下列说法正确的是."""
    return _SPEAKS_OF_OPTIONS.search(prompt) is not None


def options_asked_of(question: Question) -> frozenset[str]:
    """The options of a question that speaks of them; of any other none."""
    if question.type not in CHOICES or not speaks_of_options(question.prompt):
        return frozenset()
    return frozenset(similarity.letters(option.text) for option in question.content.options)


def pairs(
    prompts: Sequence[str], options: Sequence[frozenset[str]], scope: Scope | None = None
) -> Iterator[Similar]:
    """The prompts that say the same; of those that speak of their options, the ones with the same options."""
    for pair in similarity.pairs(prompts, scope):
        one, other = options[pair.first], options[pair.second]
        if not (one and other) or (not pair.equal and _share(one, other)):
            yield pair
    places: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for at, own in enumerate(options):
        prompt = similarity.letters(prompts[at]) if own else ""
        known = chain.from_iterable(places[prompt, text] for text in own)
        found = Counter(other for other in known if scope is None or scope.wants(other, at))
        alike = min(found, key=lambda other: (-found[other], other), default=-1)
        if alike >= 0 and _share(own, options[alike]):
            yield Similar(alike, at, True, 100)
        for text in own:
            if len(places[prompt, text]) < MOST_REMEMBERED:
                places[prompt, text].append(at)


def _share(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether they have half of their options in common."""
    return 2 * len(one & other) >= min(len(one), len(other))
