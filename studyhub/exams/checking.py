"""Checking an exam against what there is: its banks, its branches, and the proof that it can be drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.exams import papers
from studyhub.exams.blueprint import Section
from studyhub.exams.feasibility import Problem, problems
from studyhub.exams.file.reading import ExamText, Place
from studyhub.exams.pool import Candidate, prepare
from studyhub.kernel.faults import Fault, Severity, in_reading_order, nearest
from studyhub.kernel.permissions import Permission
from studyhub.organization.actor import WHOLE_TREE, Actor
from studyhub.organization.models import Branch
from studyhub.organization.tree import within
from studyhub.questions.models import Bank


def check(session: Session, actor: Actor, text: ExamText) -> list[Fault]:
    """Every fault of the file, those of its text and those against the database, in reading order."""
    if text.blueprint is None:
        return text.faults
    known = known_banks(session, actor, text.blueprint.banks)
    found = unknown_banks(text, known)
    if not found:
        offered = papers.candidates(session, text.blueprint.banks)
        found = undrawable(text, offered) + marked_by_a_person(text, offered)
    return in_reading_order([*text.faults, *found, *unknown_branches(session, actor, text)])


def known_banks(session: Session, actor: Actor, slugs: Iterable[str]) -> set[str]:
    """Which of these banks are in force, and at a level that the actor is cleared for."""
    in_force = select(Bank.slug).where(Bank.version > 0, Bank.level.in_(actor.levels))
    return set(session.scalars(in_force.where(Bank.slug.in_(list(slugs)))))


def undrawable(text: ExamText, candidates: list[Candidate]) -> list[Fault]:
    """What keeps the exam from being drawn out of these questions; none is the proof that it can be."""
    if text.blueprint is None:
        return []
    sections = text.blueprint.sections
    return [
        _placed(text, _place_of(problem), problem.fault)
        for problem in problems(sections, prepare(sections, candidates))
    ]


def _place_of(problem: Problem) -> Place:
    key = ("sections", problem.section, problem.key)
    return key if problem.item is None else (*key, problem.item)


def marked_by_a_person(text: ExamText, candidates: list[Candidate]) -> list[Fault]:
    """A warning for each section that can draw what no program marks."""
    sections = text.blueprint.sections if text.blueprint else ()
    return [
        _placed(text, ("sections", number, "draw"), _by_a_person(number, section))
        for number, section in enumerate(sections)
        if any(each.by_a_person and _offers(section, each) for each in candidates)
    ]


def _offers(section: Section, candidate: Candidate) -> bool:
    return section.offers(candidate.ref.bank, candidate.type, candidate.band, candidate.tags)


def _by_a_person(number: int, section: Section) -> Fault:
    params = {"section": number + 1, "title": section.title}
    return Fault("marked_by_a_person", params=params, severity=Severity.WARNING)


def unknown_banks(text: ExamText, there: set[str]) -> list[Fault]:
    """A fault for each bank of a section that is not among those that there are."""
    sections = text.blueprint.sections if text.blueprint else ()
    return [
        _placed(text, ("sections", number, "from", at), _unknown("unknown_bank", bank, there))
        for number, section in enumerate(sections)
        for at, bank in enumerate(section.banks)
        if bank not in there
    ]


def unknown_branches(session: Session, actor: Actor, text: ExamText) -> list[Fault]:
    """The branches exist within the actor's scope; who does not act for everyone must name some."""
    codes = text.blueprint.branches if text.blueprint else ()
    scope = actor.scope(Permission.MANAGE_EXAMS)
    if not codes:
        everyone = WHOLE_TREE in scope
        return [] if everyone else [_placed(text, ("for",), Fault("for_needed"))]
    known = set(session.scalars(select(Branch.code).where(within(Branch.path, scope))))
    return [
        _placed(text, ("for", at), _unknown("unknown_branch", code, known))
        for at, code in enumerate(codes)
        if code not in known
    ]


def _unknown(code: str, value: str, known: Iterable[str]) -> Fault:
    meant = nearest(value, list(known))
    return Fault(code, params={"value": value, "meant": meant}, hint="did_you_mean" if meant else "")


def _placed(text: ExamText, place: Place, fault: Fault) -> Fault:
    line, column = text.at(place)
    return replace(fault, line=line, column=column)
