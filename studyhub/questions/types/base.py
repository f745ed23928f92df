"""What a question type is: five answers (check, lay out, accept, mark, explain), and no HTML.

A type works on its own frozen content. Option keys in a content are those of the file; a member sees the
options in the order of a layout, lettered anew, and answers in those letters.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Generic, TypeVar

from studyhub.questions.fields import Fields

Answer = Any
"""A member's answer in JSON: a letter, a list, a text, true or false; None is no answer."""

Order = tuple[str, ...]
"""What a layout says: of a choice the file's option keys in the order shown (`("C", "A", "B")` shows C first,
as A), of other types what they made of their own parts. Empty where there is nothing to lay out."""

Parts = Mapping[str, Sequence[tuple[str, str]]]
"""What a paper shows beside the prompt: `{"options": [("A", "options.C"), …]}`, each shown key with the path
of its text."""


class BadAnswer(ValueError):
    """The answer does not have the form that the question takes (a wrong answer is not a bad one)."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the review shows of a question, in the shown letters.

    `key` has the form of an answer. `parts` says which parts of the member's answer were right: one for
    each blank, one for each chosen option; empty where there are no parts. `feedback` names the options
    (by the file's keys, for `html.feedback`) whose feedback concerns this member, by shown letter.
    """

    key: Answer
    parts: tuple[bool, ...] = ()
    feedback: Mapping[str, str] | None = None
    accepted: tuple[tuple[str, ...], ...] = ()
    tolerance: str = ""


C = TypeVar("C")


class QuestionType(ABC, Generic[C]):
    """One question type. Stateless: one instance serves every question."""

    name: ClassVar[str]
    keys: ClassVar[frozenset[str]]
    """Keys of a question in the bank file that belong to this type."""
    markings: ClassVar[frozenset[str]] = frozenset()
    """What its `marking` may say."""
    key_in: ClassVar[str] = "answer"
    """The key of the file that says what is right."""
    key_needed: ClassVar[bool] = True
    by_a_person: ClassVar[bool] = False
    """Whether `mark` leaves answers to a person."""

    @abstractmethod
    def check(self, fields: Fields, prompt: str) -> C | None:
        """The content, or None after at least one error in the report."""

    def lay_out(self, content: C, seed: bytes | None) -> Order:
        """The order in which options are shown for this seed (at most 64 bytes); None: as written."""
        return ()

    @abstractmethod
    def accept(self, content: C, order: Order, answer: Answer) -> Answer:
        """The answer in its one spelling; None for no answer. Raises BadAnswer."""

    @abstractmethod
    def mark(self, content: C, order: Order, answer: Answer) -> Fraction | None:
        """The share of the points, from 0 to 1, exactly; of an answer that was accepted, or None.

        None: a person must say.
        """

    @abstractmethod
    def explain(self, content: C, order: Order, answer: Answer) -> Explanation:
        """What was right, for the review."""

    def rule(self, content: C) -> str:
        """The code of the marking rule that is printed on the paper."""
        return self.name

    def is_answered(self, answer: Answer) -> bool:
        """Whether anything was given."""
        return answer not in (None, "", [], {})

    @abstractmethod
    def as_written(self, content: C) -> dict[str, Any]:
        """The type's own keys as the bank file writes them, in JSON; what `stored` reads back."""

    @abstractmethod
    def stored(self, written: Mapping[str, Any]) -> C:
        """The content of what `as_written` gave: trusted, and never refused by a later rule."""

    def of_key(self, content: C, prompt: str) -> dict[str, Any]:
        """Instead of some keys that `as_written` gives: what a mark rests on, the same for contents that give
        every answer the same mark; None is a key without meaning."""
        return {}

    def parts(self, content: C, order: Order) -> Parts:
        """The shown keys of what is chosen, joined or ordered; see `Parts`."""
        return {}

    def texts(self, content: C) -> dict[str, str]:
        """Markdown texts beside the prompt, by a path such as `options.A`: rendered once, at import."""
        return {}


def normal(text: str) -> str:
    """NFKC, trimmed, inner white space to one blank."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()
