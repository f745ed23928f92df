"""Candidates for tests of the draw: plain values, no database."""

from studyhub.exams.blueprint import QuestionRef
from studyhub.exams.pool import Candidate
from studyhub.kernel.points import Points
from studyhub.questions.difficulty import FACILITY, Band


def candidate(
    name: str,
    *,
    bank: str = "bank",
    kind: str = "single",
    band: Band = Band.MEDIUM,
    tags: tuple[str, ...] = (),
    number: int = 0,
) -> Candidate:
    return Candidate(QuestionRef(bank, name), number, kind, FACILITY[band], Points(100), frozenset(tags))


def candidates(count: int, **settings: object) -> list[Candidate]:
    return [candidate(f"q{n}", number=n, **settings) for n in range(count)]  # type: ignore[arg-type]
