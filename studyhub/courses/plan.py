"""What an import would do to a course: compared here, shown to who imports, and done as shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class CourseHead:
    """What a course is besides its lessons. `branches` are codes, sorted."""

    title: str
    language: str
    level: str
    summary: str
    state: str
    branches: tuple[str, ...]
    source: Mapping[str, str]
    chapters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LessonState:
    """What makes a lesson what it is; `digest` stands for its content."""

    slug: str
    kind: str
    title: str
    summary: str
    minimum: int
    digest: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The ids of the lessons by what would happen to them; `about` names what else changes."""

    course: str
    title: str
    is_new: bool
    lessons: int
    about: tuple[str, ...] = ()
    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        return not (self.is_new or self.about or self.created or self.changed or self.retired)

    def as_json(self) -> dict[str, Any]:
        """For programs, and to tell whether two plans are the same."""
        return {field.name: _listed(getattr(self, field.name)) for field in fields(self)}


def compare(
    slug: str,
    head: CourseHead,
    lessons: Sequence[LessonState],
    known_head: CourseHead | None,
    known: Mapping[str, LessonState],
) -> Plan:
    """The plan. `known` holds the lessons that the course has now, without those retired.

    An order that changed is a change of the course, not of each lesson after the one that moved.
    """
    slugs = [lesson.slug for lesson in lessons]
    about = _differences(head, known_head) if known_head else ()
    kept = [slug for slug in known if slug in set(slugs)]
    if known_head and kept != [slug for slug in slugs if slug in known]:
        about = (*about, "order")
    return Plan(
        course=slug,
        title=head.title,
        is_new=known_head is None,
        lessons=len(lessons),
        about=about,
        created=tuple(slug for slug in slugs if slug not in known),
        changed=tuple(one.slug for one in lessons if one.slug in known and known[one.slug] != one),
        retired=tuple(slug for slug in known if slug not in set(slugs)),
        unchanged=tuple(one.slug for one in lessons if known.get(one.slug) == one),
    )


def _differences(head: CourseHead, known: CourseHead) -> tuple[str, ...]:
    return tuple(
        field.name for field in fields(head) if getattr(head, field.name) != getattr(known, field.name)
    )


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
