"""Ids for questions that come without: readable, and the same for the same content each time."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from studyhub.questions.fields import SLUG

_WORD = re.compile(r"[a-z0-9]+")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_HASH = 8
_LONGEST_WORDS = 30


def slug_of(name: str) -> str:
    """A name of another program as a slug, or "" when nothing of it is left."""
    return _NOT_SLUG.sub("-", unicodedata.normalize("NFKC", name).lower()).strip("-")[:64].strip("-")


def derived(question: Mapping[str, Any]) -> str:
    """`what-is-the-capital-3f9a1c2b`, or `single-3f9a1c2b` where the prompt has no Latin words."""
    prompt = str(question.get("prompt", ""))
    plain = unicodedata.normalize("NFKC", prompt).casefold()
    stem = "".join(character for character in plain if character.isalnum())
    digest = hashlib.sha256(stem.encode("utf-8", "replace")).hexdigest()[:_HASH]
    words = ""
    for word in _WORD.findall(plain.encode("ascii", "ignore").decode()):
        if len(words) + len(word) >= _LONGEST_WORDS:
            break
        words = f"{words}-{word}" if words else word
    readable = words if sum(map(str.isalpha, words)) >= 3 else slug_of(str(question.get("type", ""))) or "q"
    return f"{readable}-{digest}"


class Names:
    """Gives each question of a file an id of its own."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, question: Mapping[str, Any]) -> str:
        """The question's own id where it is a slug that is free, else one made of it or of the content."""
        own = str(question.get("id") or "")
        wanted = own if SLUG.fullmatch(own) else slug_of(own) or derived(question)
        name, number = wanted, 1
        while name in self._taken:
            number += 1
            name = f"{wanted[:58].strip('-')}-{number}"
        self._taken.add(name)
        return name
