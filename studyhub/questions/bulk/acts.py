"""The acts on many questions: tag, keep out of papers, move to another bank, take out of the bank."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from studyhub.kernel.errors import NotFound, Unprocessable
from studyhub.kernel.events import OfferChange
from studyhub.questions import amending, importing, offering, releasing
from studyhub.questions import chosen as known
from studyhub.questions.amending import Amendment
from studyhub.questions.bank import Question
from studyhub.questions.chosen import Standing
from studyhub.questions.importing import Doors, Prepared, Progress, silent
from studyhub.questions.offering import Tags
from studyhub.questions.plan import Origin
from studyhub.questions.releasing import Outcome
from studyhub.questions.shared_keys import MOST_TAGS
from studyhub.questions.states import ChangeKind, ReviewState

Change = Callable[[Question], Question]

LONGEST_TAG = 100

READING, CHANGING, WRITING = range(3)
"""The parts of an act. The last takes longest, and of 50,000 questions the others some twenty seconds."""

PARTS = 3


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an act: how many questions it changed, and the version of the bank that it made, 0 when
    nothing changed; how many of those that were named are not in the bank."""

    changed: int
    version: int
    missing: int = 0


def tagged(tag: str) -> Change:
    """Raises Unprocessable `too_many_tags_now` for a question that has as many as there may be."""

    def change(question: Question) -> Question:
        tags = with_tag(tag)(question.tags)
        if len(tags) > MOST_TAGS:
            raise Unprocessable("too_many_tags_now", id=question.id, most=MOST_TAGS)
        return replace(question, tags=tags)

    return change


def untagged(tag: str) -> Change:
    return lambda question: replace(question, tags=without_tag(tag)(question.tags))


def with_tag(tag: str) -> Callable[[Tags], Tags]:
    return lambda tags: tuple(dict.fromkeys((*tags, tag)))


def without_tag(tag: str) -> Callable[[Tags], Tags]:
    return lambda tags: tuple(each for each in tags if each != tag)


def kept_out(retired: bool) -> Change:
    return lambda question: replace(question, retired=retired)


def change(
    doors: Doors, slug: str, names: Collection[str], how: Change, progress: Progress = silent
) -> Prepared:
    """Plan to change these questions."""
    chosen, standing = _chosen(doors, slug, names, _part(progress, READING))
    changed: dict[str, Question | None] = {}
    for name, question in chosen.items():
        made = changed[name] = how(question)
        _ = made.digest  # what a plan compares takes longest to make: here it is seen to go on
        _part(progress, CHANGING)(len(changed), len(chosen))
    amendment = Amendment(changed, _seen(chosen, standing))
    return amending.plan(doors, slug, amendment, Origin(ChangeKind.BULK))


def take_out(doors: Doors, slug: str, names: Collection[str], progress: Progress = silent) -> list[Prepared]:
    """Plan to let these questions leave the bank."""
    chosen, standing = _chosen(doors, slug, names, _part(progress, READING))
    amendment = Amendment(dict.fromkeys(chosen), _seen(chosen, standing))
    return [amending.plan(doors, slug, amendment, Origin(ChangeKind.BULK))]


def move(
    doors: Doors, slug: str, names: Collection[str], target: str, progress: Progress = silent
) -> list[Prepared]:
    """Plan to let these questions leave their bank and come into another, both at once or not at all.

    Raises Unprocessable `id_in_target` when the other bank has, or had, a question with one of the ids.
    """
    if slug == target:
        raise Unprocessable("same_bank")
    chosen, standing = _chosen(doors, slug, names, _part(progress, READING))
    with doors.read() as session:
        there = known.standing(session, target, chosen)
    twice = sorted(chosen.keys() & there.keys())
    if twice:
        raise Unprocessable("id_in_target", id=twice[0], count=len(twice))
    origin = Origin(ChangeKind.MOVE, together=uuid.uuid4().hex)
    leaving = Amendment(dict.fromkeys(chosen), _seen(chosen, standing))
    coming = Amendment(dict(chosen), {}, frozenset((slug, name) for name in chosen))
    return [amending.plan(doors, slug, leaving, origin), amending.plan(doors, target, coming, origin)]


def _apply(doors: Doors, order: Order, prepared: list[Prepared], progress: Progress) -> Done:
    plan, found = prepared[0].plan, prepared[0].amended or ()
    missing = len(set(order.names) - set(found))
    if not plan.changes_anything:
        return Done(0, 0, missing)
    importing.apply(doors, prepared, _part(progress, WRITING))
    return Done(plan.steps, plan.base_version + 1, missing)


def _part(progress: Progress, part: int) -> Progress:
    """The progress of a part of an act as that of all of it, counted in questions."""

    def told(done: int, total: int) -> None:
        progress((part * total + done) // PARTS, total)

    return told


def _chosen(
    doors: Doors, slug: str, names: Collection[str], progress: Progress
) -> tuple[dict[str, Question], Mapping[str, Standing]]:
    looked = 0

    def read(number: int) -> None:
        nonlocal looked
        looked += number
        progress(looked, len(names))

    with doors.read() as session:
        chosen = known.questions(session, slug, names, read)
        standing = known.standing(session, slug, chosen)
    if not chosen:
        raise NotFound
    return chosen, standing


def _seen(chosen: Collection[str], standing: Mapping[str, Standing]) -> dict[str, int]:
    return {name: standing[name].number for name in chosen}


@dataclass(frozen=True, slots=True)
class Order:
    """An act as it was asked for; `value` is the tag or the other bank."""

    slug: str
    names: tuple[str, ...]
    act: str
    value: str = ""


def perform(doors: Doors, order: Order, progress: Progress = silent) -> Done | Outcome:
    """Do it. Raises Unprocessable `no_such_act`, or what is missing for it."""
    if not order.names:
        raise Unprocessable("nothing_chosen")
    if order.act in STEPS:
        return releasing.step(doors, order.slug, order.names, STEPS[order.act], progress)
    if order.act == "take_out":
        return _apply(doors, order, take_out(doors, order.slug, order.names, progress), progress)
    if order.act == "move":
        return _apply(doors, order, move(doors, order.slug, order.names, order.value, progress), progress)
    if order.act not in CHANGES:
        raise Unprocessable("no_such_act")
    value = order.value.strip()
    if lacks_tag(order) or (order.act in TAG_CHANGES and len(value) > LONGEST_TAG):
        raise Unprocessable("no_tag", longest=LONGEST_TAG)
    prepared = change(doors, order.slug, order.names, CHANGES[order.act](value), progress)
    return _apply(doors, order, [prepared], progress)


def lacks_tag(order: Order) -> bool:
    """Whether it does not say which tag is meant."""
    return order.act in TAG_CHANGES and not order.value.strip()


def offers(doors: Doors, order: Order) -> list[OfferChange]:
    """What it would make the banks offer otherwise; nothing where it can only add or no exam sees it."""
    tag = order.value.strip() if order.act in TAG_CHANGES else None
    banks = (order.slug, order.value) if order.act == "move" else (order.slug,)
    with doors.read() as session:
        if not offering.matters(session, banks, doors.clock(), tag):
            return []
        if order.act == "draft":
            asked = known.head(session, order.slug)
            return [offering.without(order.slug, order.names)] if asked and asked.release_required else []
        if order.act in ("keep_out", "take_out", "move"):
            gone = offering.without(order.slug, order.names)
            if order.act != "move" or not order.value:
                return [gone]
            moved = known.questions(session, order.slug, order.names).values()
            return [gone, offering.coming(session, order.value, moved)]
        if order.act not in TAG_CHANGES:
            return []
        how = TAG_CHANGES[order.act](order.value.strip())
        return [offering.tagged(session, order.slug, order.names, how)]


CHANGES: Mapping[str, Callable[[str], Change]] = {
    "tag": tagged,
    "untag": untagged,
    "keep_out": lambda value: kept_out(True),
    "let_in": lambda value: kept_out(False),
}
TAG_CHANGES: Mapping[str, Callable[[str], Callable[[Tags], Tags]]] = {
    "tag": with_tag,
    "untag": without_tag,
}
STEPS: Mapping[str, ReviewState] = {
    "review": ReviewState.REVIEWED,
    "release": ReviewState.RELEASED,
    "draft": ReviewState.DRAFT,
}
ASKED_FOR = frozenset({"take_out", "move"})
"""Acts that are done only when somebody has said so twice."""
