"""What an import would do: the file compared with what is in force. The plan shown is the plan applied."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from studyhub.questions.bank import Bank, Question
from studyhub.questions.states import ChangeKind


@dataclass(frozen=True, slots=True)
class InForce:
    """What a bank holds now: its head as the file would write it, and each question's digest by id."""

    version: int
    head: Mapping[str, Any]
    digests: Mapping[str, str]
    key_digests: Mapping[str, str] = field(default_factory=dict)
    """of what a mark rests on"""
    review_digests: Mapping[str, str] = field(default_factory=dict)
    """of what a review rests on"""
    left: frozenset[str] = frozenset()
    """ids that the bank once had and that are not in force"""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a change comes from: of an import its file, and the file's bytes, compressed by zlib."""

    kind: ChangeKind = ChangeKind.IMPORT
    file_name: str = ""
    packed: bytes = b""
    shown: bytes = b""
    """what the plan's page shows, packed: see shown_plan.py"""
    upload_id: int | None = None
    """the file of another format that it was made of"""
    elsewhere: Sequence[Mapping[str, Any]] = ()
    """warnings about other banks, found when the plan was made: see across.as_json"""
    together: str | None = None
    """the same for changes of several banks that are one act"""
    matches: Sequence[Any] = ()
    """questions of it that were recognised, JSON-ready"""


NOTHING = InForce(0, {}, {})
"""Before a bank's first import."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Ids in the file's order (retired ones in the order of ids); `head` are the changed keys of the bank."""

    bank: str
    base_version: int
    questions: int
    created: tuple[str, ...]
    changed: tuple[str, ...]
    retired: tuple[str, ...]
    head: tuple[str, ...]
    content: str = field(repr=False)
    """a digest of the whole bank as it will be"""
    key_changed: tuple[str, ...] = ()
    """of the changed: answer, options, points, type or marking are others, so that marks would be, too"""
    brought_back: tuple[str, ...] = ()
    """of the created: the bank had them before, and they go on with their history"""
    essays: int = 0
    """how many of those that are new or have another key a person must mark"""
    essay_sorts: tuple[tuple[str, int, tuple[str, ...]], ...] = ()
    """of which type, facility and tags those are"""
    offers: tuple[tuple[tuple[str, int, tuple[str, ...]], tuple[str, ...]], ...] = ()
    """those of the created and the changed that are not kept out, by type, facility and tags"""
    rewritten: tuple[str, ...] = ()
    """of the changed: they say something else, so that a review of them holds no more"""

    @property
    def new(self) -> tuple[str, ...]:
        """Those of the created that the bank never had."""
        back = set(self.brought_back)
        return tuple(name for name in self.created if name not in back)

    @property
    def cosmetic(self) -> tuple[str, ...]:
        """Those of the changed that give every answer the mark that it had."""
        keyed = set(self.key_changed)
        return tuple(name for name in self.changed if name not in keyed)

    @property
    def unchanged(self) -> int:
        return self.questions - len(self.created) - len(self.changed)

    @property
    def changes_anything(self) -> bool:
        return bool(self.created or self.changed or self.retired or self.head)

    @property
    def steps(self) -> int:
        """How many questions it touches."""
        return len(self.created) + len(self.changed) + len(self.retired)

    @property
    def digest(self) -> str:
        """Two plans with the same digest do the same to the same."""
        parts = [self.bank, self.base_version, self.created, self.changed, self.retired, self.content]
        parts += [self.key_changed, self.brought_back]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    @property
    def counts(self) -> dict[str, Any]:
        """As the command line and the API report it."""
        return {
            "bank": self.bank,
            "questions": self.questions,
            "created": len(self.created),
            "changed": len(self.changed),
            "retired": len(self.retired),
            "unchanged": self.unchanged,
            "key_changed": len(self.key_changed),
            "brought_back": len(self.brought_back),
        }

    @property
    def changes(self) -> dict[str, list[str]]:
        """The ids of the questions that it touches, and the keys of the bank's own head, likewise."""
        return {
            "created": list(self.created),
            "changed": list(self.changed),
            "retired": list(self.retired),
            "key_changed": list(self.key_changed),
            "brought_back": list(self.brought_back),
            "bank": list(self.head),
        }


def compare(bank: Bank, now: InForce) -> Plan:
    """The plan that makes `now` into `bank`. The file is the whole bank: what it lacks is retired."""
    digests = {question.id: question.digest for question in bank.questions}
    known = now.digests
    keys = sorted(bank.head.keys() | now.head.keys()) if now.version else []
    whole = json.dumps([bank.head, list(digests.items())], ensure_ascii=False, sort_keys=True)
    changed = tuple(name for name, digest in digests.items() if known.get(name, digest) != digest)
    here = set(changed)
    essays = [each for each in bank.questions if each.by_a_person and _has_another_key(each, now)]
    keyed = {question.id: question.key_digest for question in bank.questions if question.id in known}
    return Plan(
        bank=bank.slug,
        base_version=now.version,
        questions=len(digests),
        created=tuple(name for name in digests if name not in known),
        changed=changed,
        retired=tuple(sorted(known.keys() - digests.keys())),
        head=tuple(key for key in keys if bank.head.get(key) != now.head.get(key)),
        content=hashlib.sha256(whole.encode()).hexdigest(),
        key_changed=tuple(name for name in changed if now.key_digests.get(name) != keyed[name]),
        brought_back=tuple(name for name in digests if name in now.left),
        essays=len(essays),
        essay_sorts=tuple(dict.fromkeys(each.sort for each in essays)),
        offers=_by_sort(each for each in bank.questions if now.digests.get(each.id) != each.digest),
        rewritten=tuple(
            each.id
            for each in bank.questions
            if each.id in here and now.review_digests.get(each.id) != each.review_digest
        ),
    )


def _by_sort(questions: Iterable[Question]) -> tuple[tuple[Any, tuple[str, ...]], ...]:
    found: dict[Any, list[str]] = {}
    for each in questions:
        if not each.retired:
            found.setdefault(each.sort, []).append(each.id)
    return tuple((sort, tuple(names)) for sort, names in found.items())


def _has_another_key(question: Question, now: InForce) -> bool:
    """Whether it is new, or would be marked otherwise than now."""
    return now.key_digests.get(question.id) != question.key_digest
