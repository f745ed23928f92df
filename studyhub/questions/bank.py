"""A bank and its questions as frozen values, and their one spelling."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from studyhub.kernel.points import Points, exactly, to_text
from studyhub.questions.difficulty import FACILITY, Band
from studyhub.questions.types import TYPES, QuestionType
from studyhub.questions.variables import VARYING, Domain, Variables, each_text, expressions_in, filled

LANGUAGES = ("zh", "en")
LEVELS = ("public", "internal", "restricted")

DEFAULT_POINTS = Points(100)
PASSAGE = "passage"
_NO_KEY = frozenset({"shuffle", "max_chars"})
"""Keys of types that no mark rests on."""


@dataclass(frozen=True)
class Question:
    """A valid question.

    `content` is what its type made of its own keys, with markers where there are `variables`; `facility` the
    share of members expected to answer right, in ten-thousandths; `source` maps document, article, version.
    """

    id: str
    type: str
    prompt: str
    content: Any
    points: Points = DEFAULT_POINTS
    facility: int = FACILITY[Band.MEDIUM]
    tags: tuple[str, ...] = ()
    explanation: str = ""
    source: Mapping[str, str] = field(default_factory=dict)
    review_by: date | None = None
    retired: bool = False
    variables: Variables | None = None
    passage: str = ""
    """the id of the passage that the question belongs to, if it does"""

    @property
    def name(self) -> str:
        """What the question is known by in its bank: one of a passage as `reading/q1`."""
        return f"{self.passage}/{self.id}" if self.passage else self.id

    @property
    def parts(self) -> tuple[Question, ...]:
        """The questions of a passage; of any other question none."""
        return self.content if self.type == PASSAGE else ()

    @property
    def kind(self) -> QuestionType[Any]:
        return TYPES[self.type]

    @cached_property
    def written(self) -> dict[str, Any]:
        """The question as the bank file writes it, without what is default; JSON-ready."""
        written: dict[str, Any] = {"id": self.id, "type": self.type, "prompt": self.prompt, **self._own}
        optional = {
            "explanation": self.explanation,
            "tags": list(self.tags),
            "points": "" if self.points == DEFAULT_POINTS else to_text(self.points),
            "difficulty": "" if self.facility == FACILITY[Band.MEDIUM] else _difficulty_text(self.facility),
            "source": dict(self.source),
            "review_by": self.review_by.isoformat() if self.review_by else "",
            "retired": self.retired,
        }
        return written | {key: value for key, value in optional.items() if value}

    @property
    def sort(self) -> tuple[str, int, tuple[str, ...]]:
        """What exams choose it by: its type, facility and tags."""
        return self.type, self.facility, self.tags

    @property
    def worth(self) -> Points:
        """Its points; of a passage, those of its questions together."""
        return Points(sum(part.points for part in self.parts)) if self.parts else self.points

    @property
    def by_a_person(self) -> bool:
        """Whether a person must mark it, or one of its questions."""
        return any(part.kind.by_a_person for part in self.parts or (self,))

    @property
    def is_explained(self) -> bool:
        """Whether the review says why: of a passage, each of its questions."""
        return all(part.explanation for part in self.parts) if self.parts else bool(self.explanation)

    @property
    def kept(self) -> dict[str, Any]:
        """What `stored` reads back."""
        return {**self.written, "passage": self.passage} if self.passage else self.written

    @property
    def _own(self) -> dict[str, Any]:
        """The keys of its type, and its variables, as the bank file writes them."""
        own = self.kind.as_written(self.content)
        if self.variables is None:
            return own
        domains = {name: domain.as_written for name, domain in self.variables.domains.items()}
        varying = {key: each_text(own[key], self.variables.unmarked) for key in VARYING if key in own}
        return {"variables": domains, **own, **varying}

    @property
    def _key(self) -> dict[str, Any]:
        """In place of its own keys, what a mark rests on; what is computed is compared as it is written."""
        key = self.kind.of_key(self.content, self.prompt)
        if self.variables is None:
            return key
        return {"options": each_text(key["options"], self.variables.unmarked)} if "options" in key else {}

    def with_values(self, results: Sequence[str]) -> Question:
        """The question of one paper: a number in place of each marker, and no variables."""
        assert self.variables is not None
        marked = self.variables.marked
        own = each_text(self.kind.as_written(self.content), lambda text: filled(text, results))
        return replace(
            self,
            prompt=filled(marked(self.prompt), results),
            explanation=filled(marked(self.explanation), results),
            content=self.kind.stored(own),
            variables=None,
        )

    @cached_property
    def digest(self) -> str:
        """Two questions with the same digest are the same revision."""
        spelling = json.dumps(self.written, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(spelling.encode()).hexdigest()

    @cached_property
    def key_digest(self) -> str:
        """Of what a mark rests on: two revisions with the same one give every answer the same mark."""
        own = {**self._own, **self._key}
        if self.parts:
            own = {"questions": [[part.id, part.key_digest] for part in self.parts]}
        own = {key: value for key, value in own.items() if key not in _NO_KEY and value is not None}
        spelling = json.dumps([self.type, self.points, own], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(spelling.encode()).hexdigest()

    @cached_property
    def review_digest(self) -> str:
        """Of what a review rests on: everything but the tags, and whether it is kept out of new papers."""
        return replace(self, tags=(), retired=False).digest if self.tags or self.retired else self.digest

    @classmethod
    def stored(cls, written: Mapping[str, Any]) -> Question:
        """The question of what `written` gave: trusted, and never refused by a later rule."""
        day = written.get("review_by")
        variables = _variables(written)
        content = TYPES[written["type"]].stored(_marked(written, variables))
        if written["type"] == PASSAGE:
            content = tuple(cls.stored({**part, "passage": written["id"]}) for part in content)
        return cls(
            id=written["id"],
            type=written["type"],
            prompt=written["prompt"],
            content=content,
            points=exactly(written["points"]) if "points" in written else DEFAULT_POINTS,
            facility=_facility(written.get("difficulty", "medium")),
            tags=tuple(written.get("tags", ())),
            explanation=written.get("explanation", ""),
            source=written.get("source", {}),
            review_by=date.fromisoformat(day) if day else None,
            retired=written.get("retired", False),
            variables=variables,
            passage=written.get("passage", ""),
        )

    @classmethod
    def of_row(cls, written: Mapping[str, Any], digest: str, key_digest: str) -> Question:
        """The question of a revision, with the digests that are kept with it: for whole banks it matters."""
        question = cls.stored(written)
        vars(question).update(digest=digest, key_digest=key_digest)
        return question


def _variables(written: Mapping[str, Any]) -> Variables | None:
    if "variables" not in written:
        return None
    domains = {name: Domain.stored(domain) for name, domain in written["variables"].items()}
    return Variables(domains, expressions_in(written))


def _marked(written: Mapping[str, Any], variables: Variables | None) -> Mapping[str, Any]:
    if variables is None:
        return written
    varying = {key: each_text(written[key], variables.marked) for key in VARYING if key in written}
    return {**written, **varying}


@dataclass(frozen=True, slots=True)
class Bank:
    """A whole bank. `source` maps document and version: what the bank rests on."""

    slug: str
    title: str
    language: str
    questions: tuple[Question, ...]
    level: str = "internal"
    source: Mapping[str, str] = field(default_factory=dict)

    @property
    def head(self) -> dict[str, Any]:
        """What the file says of the bank itself, without what is default."""
        head: dict[str, Any] = {"bank": self.slug, "title": self.title, "language": self.language}
        if self.level != "internal":
            head["level"] = self.level
        return head | ({"source": dict(self.source)} if self.source else {})


def _difficulty_text(facility: int) -> str:
    named = {value: band.value for band, value in FACILITY.items()}
    return named.get(facility) or str(Decimal(facility).scaleb(-4).normalize())


def _facility(text: str) -> int:
    return FACILITY[Band(text)] if text in list(Band) else int(Decimal(text).scaleb(4))
