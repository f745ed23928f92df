"""Lists of answers → the questions that they answer, section by section."""

from __future__ import annotations

from collections.abc import Sequence

from studyhub.questions.formats.layout import signs
from studyhub.questions.formats.layout.entry import Entry, Section
from studyhub.questions.formats.layout.keys import Keyed
from studyhub.questions.formats.layout.line import Line


def assign(given: Sequence[Keyed], sections: Sequence[Section]) -> list[Line]:
    """Give each answer to its question. Returns the lines of those without one."""
    unused: list[Line] = []
    at, last = 0, 0
    group = None
    for one in given:
        if one.group != group:
            group, at, last = one.group, _section_of(one, sections, at, fresh=group is None), 0
        elif one.number <= last and at + 1 < len(sections) and not one.group.named:
            at += 1
        last = one.number
        entry = _entry_of(one, sections, at)
        if entry is None:
            unused += one.source
        else:
            entry.keyed.append(one)
    return unused


def _section_of(one: Keyed, sections: Sequence[Section], at: int, *, fresh: bool) -> int:
    kind, place = one.group.kind, one.group.ordinal
    matching = [
        i for i, section in enumerate(sections) if kind and signs.same_kind(section.heading.kind, kind)
    ]
    if matching:
        return next((i for i in matching if fresh or i > at), matching[-1])
    if place and place <= len(sections):
        return place - 1
    return 0 if fresh else min(at + 1, max(0, len(sections) - 1))


def _entry_of(one: Keyed, sections: Sequence[Section], at: int) -> Entry | None:
    """The question with this number in the section at hand; else the only one of that number anywhere."""
    own = sections[at].entries if at < len(sections) else []
    if one.by_place:
        return own[one.number - 1] if one.number <= len(own) else None
    here = [entry for entry in own if entry.number == one.number]
    if not here and not any(entry.number for entry in own) and one.number <= len(own):
        return own[one.number - 1]
    anywhere = [e for section in sections for e in section.entries if e.number == one.number]
    if here:
        return here[0]
    return anywhere[0] if len(anywhere) == 1 else None


def reach_above(given: Sequence[Keyed], sections: Sequence[Section]) -> bool:
    """Whether answers below the last of these sections have numbers that only questions above it have."""
    *above, own = ({entry.number for entry in section.entries} for section in sections)
    numbers = {one.number for one in given}
    return bool(numbers - own) and numbers <= own.union(*above)
