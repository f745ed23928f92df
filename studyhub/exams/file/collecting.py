"""Exam files on disk: which files a path means, and what all of them say together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from studyhub.exams.blueprint import QuestionRef
from studyhub.exams.file.reading import ExamText, read
from studyhub.exams.pool import Candidate
from studyhub.kernel.faults import Fault, any_error
from studyhub.questions import bank_file
from studyhub.questions.bank import Question
from studyhub.questions.document import Mapping, Scalar

SUFFIXES = (".yaml", ".yml")


@dataclass(slots=True)
class ExamOnDisk:
    """One exam file: where it is, what it says, and every fault that is known of it."""

    path: Path
    text: ExamText
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_broken(self) -> bool:
        return any_error(self.faults)


def collect(paths: Sequence[Path], zone: ZoneInfo) -> list[ExamOnDisk]:
    """Read the exam files that the paths mean; the same exam in two of them is a fault of the second."""
    found: list[ExamOnDisk] = []
    first: dict[str, Path] = {}
    for path, is_named in _files(paths):
        text = read(path.read_bytes(), zone)
        if not is_named and _is_other(text):
            continue
        exam = ExamOnDisk(path, text, list(text.faults))
        if text.blueprint is not None:
            slug = text.blueprint.slug
            if first.setdefault(slug, path) != path:
                line, column = text.at(("exam",))
                params = {"value": slug, "path": str(first[slug])}
                exam.faults.append(Fault("duplicate_exam", line, column, params))
        found.append(exam)
    return found


def _files(paths: Iterable[Path]) -> Iterable[tuple[Path, bool]]:
    """Each file, and whether it was named itself: what lies in a folder may be something else."""
    for path in paths:
        if path.is_dir():
            yield from (
                (each, False)
                for each in sorted(path.rglob("*"))
                if each.suffix in SUFFIXES and each.is_file()
            )
        else:
            yield path, True


def _is_other(text: ExamText) -> bool:
    """Whether a file of a folder is a bank, or anything else that names no exam."""
    if not isinstance(text.root, Mapping):
        return text.root is not None
    keys = {key.value for key, _ in text.root.pairs if isinstance(key, Scalar)}
    return "exam" not in keys and "sections" not in keys


def banks_beside(exam: ExamOnDisk, wanted: Iterable[str]) -> dict[str, list[Candidate]]:
    """The banks of those names that lie as files in the exam's folder or the one above it.

    So a folder of banks and exams can be checked before anything is imported.
    """
    beside: dict[str, list[Candidate]] = {}
    for slug in wanted:
        for folder in (exam.path.parent, exam.path.parent.parent):
            file = folder / f"{slug}.yaml"
            if slug not in beside and file.is_file():
                bank = bank_file.check(file.read_bytes()).bank
                if bank is not None and bank.slug == slug:
                    beside[slug] = [
                        Candidate(
                            QuestionRef(slug, question.id),
                            place,
                            question.type,
                            question.facility,
                            question.points,
                            frozenset(question.tags),
                            _parts(slug, place, question),
                        )
                        for place, question in enumerate(bank.questions)
                        if not question.retired
                    ]
    return beside


def _parts(bank: str, place: int, passage: Question) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(QuestionRef(bank, part.name), place, part.type, part.facility, part.points)
        for part in passage.parts
    )
