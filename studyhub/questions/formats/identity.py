"""Ids for questions that come without: readable, and the same for the same content each time."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from studyhub.questions.fields import SLUG

_WORD = re.compile(r"[a-z0-9]+")
_BETWEEN = re.compile(r"[\W_]+")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_HASH = 8
_LONGEST_WORDS = 30


def slug_of(name: str) -> str:
    """A name of another program as a slug, or "" when nothing of it is left."""
    return _NOT_SLUG.sub("-", unicodedata.normalize("NFKC", name).lower()).strip("-")[:64].strip("-")


def named(question: Mapping[str, Any]) -> bool:
    """Whether the file gives the question an id, or a name that one can be made of."""
    return bool(slug_of(str(question.get("id") or "")))


def names_of(questions: Sequence[Mapping[str, Any]]) -> list[str]:
    """An id for each question of a file: its own where it is a slug that is free, else one made of it.

    One without any is named by its prompt, so that another answer or option leaves it the id. Where several
    ask the same, what else they say decides, so that their order does not.
    """
    own = [slug_of(str(question.get("id") or "")) for question in questions]
    bare = [question for question, name in zip(questions, own, strict=True) if not name]
    own_stems = list(map(_stem, bare))
    stems, left = Counter(own_stems), iter(own_stems)
    taken: set[str] = set()
    names = [
        _free(str(q.get("id")), name, taken) if name else "" for q, name in zip(questions, own, strict=True)
    ]
    for at, question in enumerate(questions):
        if not names[at]:
            stem = next(left)
            wanted = _derived(question, "" if stems[stem] > 1 else stem)
            names[at] = _free(wanted, wanted, taken)
    return names


def _free(own: str, slug: str, taken: set[str]) -> str:
    wanted = own if SLUG.fullmatch(own) else slug
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted[:58].strip('-')}-{number}"
    taken.add(name)
    return name


def _derived(question: Mapping[str, Any], stem: str) -> str:
    """`what-is-the-capital-3f9a1c2b`, or `single-3f9a1c2b` where the prompt has no Latin words.

    `stem` is what it asks; "" where that is not enough to tell it from others.
    """
    said = stem or json.dumps(question, sort_keys=True, default=str)
    digest = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:_HASH]
    words = ""
    for word in _WORD.findall(_plain(question).encode("ascii", "ignore").decode()):
        if len(words) + len(word) >= _LONGEST_WORDS:
            break
        words = f"{words}-{word}" if words else word
    readable = words if sum(map(str.isalpha, words)) >= 3 else slug_of(str(question.get("type", ""))) or "q"
    return f"{readable}-{digest}"


def _stem(question: Mapping[str, Any]) -> str:
    """The letters and digits of the prompt, in one spelling."""
    return _BETWEEN.sub("", _plain(question))


def _plain(question: Mapping[str, Any]) -> str:
    return unicodedata.normalize("NFKC", str(question.get("prompt", ""))).casefold()
