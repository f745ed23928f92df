"""What a kind of file is about: its keys, which of them take a text, and what stands for them in Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from studyhub.kernel.faults import Fault

# `key: value` at the beginning of a line, or of an item of a list.
KEY = re.compile(
    r"(?P<before>[ \t]*(?:- +)?)(?P<key>[^\s:：#\"'\[{,]{1,40})(?P<colon>: *|：[ 　]*|:$)(?P<value>.*)"
)


@dataclass(frozen=True, slots=True)
class Grammar:
    """What a kind of file is about, so that mistakes are explained in its words.

    `listing` is the key of its list; `keys` are all of its keys; `texts` those that take a text;
    `spoken` gives the key that a Chinese name stands for; `identity` is the key that names an item of the
    list, if one does.
    """

    listing: str
    keys: frozenset[str]
    texts: frozenset[str]
    spoken: dict[str, str] = field(default_factory=dict)
    identity: str = ""

    def meant(self, word: str) -> str | None:
        """The key that `word` is or stands for; a capital letter is the key of an option."""
        return word if word in self.keys or _is_letter(word) else self.spoken.get(word)

    def is_text(self, word: str) -> bool:
        key = self.meant(word) or word
        return key in self.texts or _is_letter(key)


def _is_letter(word: str) -> bool:
    return len(word) == 1 and "A" <= word <= "Z"


def fullwidth_colon(word: str, line: int, column: int, grammar: Grammar) -> Fault:
    """`题干：…` or `prompt：…`: the Western colon is meant, after the key that is meant."""
    return Fault(
        "fullwidth_colon", line, column, {"key": word, "meant": grammar.meant(word) or word}, "use_colon"
    )
