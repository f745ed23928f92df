"""Warnings about a bank as a whole: what is legal, and hurts an exam nevertheless."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import comb

from studyhub.questions import sameness
from studyhub.questions.bank import Question
from studyhub.questions.document import Node
from studyhub.questions.fields import Report

# "Nearly always": three quarters at least, and chance alone would do it less than once in a hundred banks.
NEARLY_ALWAYS = 0.75
UNLIKELY = 0.01
SMALLEST = 0.0001
FEWEST = 5

Noted = tuple[Node, Question]


def give(noted: Sequence[Noted], place: Node, report: Report) -> None:
    """Add the warnings; those about the whole bank stand at `place`."""
    _similar(noted, report)
    singles = [question for _, question in noted if question.type == "single" and not question.retired]
    if len(singles) >= FEWEST:
        _longest(singles, place, report)
        _position(singles, place, report)


def _similar(noted: Sequence[Noted], report: Report) -> None:
    options = [sameness.options_asked_of(question) for _, question in noted]
    for pair in sameness.pairs([question.prompt for _, question in noted], options):
        (earlier, first), (node, second) = noted[pair.first], noted[pair.second]
        report.subject = second.id
        code = "same_prompt" if pair.equal else "near_duplicate"
        report.warn(code, prompt_of(node), id=first.id, line=earlier.line, percent=pair.percent)
    report.subject = None


def prompt_of(node: Node) -> Node:
    """Where a question's prompt stands; the question itself when it has none."""
    pairs = getattr(node, "pairs", ())
    return next((value for key, value in pairs if getattr(key, "value", "") == "prompt"), node)


def _longest(singles: Sequence[Question], place: Node, report: Report) -> None:
    """The right option strictly the longest."""
    hits = 0
    for question in singles:
        lengths = {option.key: len(option.text) for option in question.content.options}
        longest = max(lengths.values())
        hits += {key for key, length in lengths.items() if length == longest} == question.content.right
    bias = _bias(hits, singles)
    if bias:
        report.warn("longest_is_right", place, "vary_length", **bias)


def _position(singles: Sequence[Question], place: Node, report: Report) -> None:
    """The key in one position of the file."""
    positions = Counter(key for question in singles for key in question.content.right)
    letter, hits = positions.most_common(1)[0]
    bias = _bias(hits, singles)
    if bias:
        report.warn("position_bias", place, "vary_position", key=letter, **bias)


def _bias(hits: int, singles: Sequence[Question]) -> dict[str, object]:
    """The statistic when so many hits are nearly always, and are no chance; else nothing."""
    total = len(singles)
    chance = _mean(1 / len(question.content.options) for question in singles)
    if hits < NEARLY_ALWAYS * total or (p := _tail(hits, total, chance)) >= UNLIKELY:
        return {}
    return {
        "hits": hits,
        "total": total,
        "share": hits * 100 // total,
        "expected": round(chance * 100),
        "p": f"p = {p:.4f}" if p >= SMALLEST else f"p < {SMALLEST}",
    }


def _tail(hits: int, trials: int, chance: float) -> float:
    """P(X ≥ hits) of a binomial; beyond a thousand trials three quarters are never chance."""
    if trials > 1000:
        return 0.0
    return sum(comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(hits, trials + 1))


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)
