"""The prompts in force that one prompt could repeat, found through the full-text index.

Who saves a question waits for it, so that no bank is read: what is nearly the same has some stretch of words
in common, and of each stretch the index knows the questions. A stretch that very many have says nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import or_
from sqlalchemy.orm import Session

from studyhub.db.searching import holds_words
from studyhub.organization.states import Level
from studyhub.questions import known, sameness, searching
from studyhub.questions.across import Known
from studyhub.questions.bank import Question as Asked
from studyhub.questions.models import Bank, QuestionRevision
from studyhub.questions.rendering import render

STRETCHES = 12
SHORTEST = 3
LONGEST = 300
TOO_COMMON = 200


def of(session: Session, asked: Asked, bank: str, levels: Collection[Level]) -> list[Known]:
    """Questions of this bank, and those of others on these levels that get into papers, with a stretch of the
    prompt; not the question itself."""
    query = (
        known.asked()
        .add_columns(QuestionRevision.id)
        .where(Bank.level.in_(list(levels)))
        .where(or_(Bank.slug == bank, ~QuestionRevision.retired))
    )
    found: dict[int, Known] = {}
    rendered = render(asked)
    words_of_prompt = searching.words_of_html(rendered["prompt"])[:LONGEST]
    options = _options(asked, rendered)
    for words in (*_stretches(words_of_prompt), *options):
        held = holds_words(QuestionRevision.id, QuestionRevision.words, [((word,), False) for word in words])
        rows: Sequence[Any] = session.execute(query.where(held).limit(TOO_COMMON + 1)).all()
        if len(rows) <= TOO_COMMON or words is words_of_prompt:
            found |= {row.id: known.of_row(row) for row in rows}
    return [one for one in found.values() if (one.bank, one.id) != (bank, asked.id)]


def _options(asked: Asked, rendered: Mapping[str, str]) -> list[Sequence[str]]:
    """What tells apart the questions whose prompts speak of their options: the words of each option."""
    if not sameness.options_asked_of(asked):
        return []
    html = (text for path, text in rendered.items() if path.startswith("options."))
    return [words for text in html if (words := searching.words_of_html(text)[:LONGEST])]


def _stretches(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """The whole prompt, then its parts: none of them very short, and not very many."""
    if words:
        yield words
    length = max(SHORTEST, -(-len(words) // STRETCHES))
    if len(words) > length:
        yield from (words[start : start + length] for start in range(0, len(words) - length + 1, length))
