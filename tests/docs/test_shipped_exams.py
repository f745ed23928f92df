"""The exams that we ship can be drawn from the banks beside them."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from studyhub.exams import checking
from studyhub.exams.file.collecting import ExamOnDisk, banks_beside, collect
from studyhub.kernel.points import Points
from studyhub.kernel.shipped import shipped_folder

EXAMS = collect([shipped_folder("question_banks") / "exams"], ZoneInfo("Asia/Shanghai"))
each_exam = pytest.mark.parametrize("exam", EXAMS, ids=lambda exam: Path(exam.path).stem)


def test_there_are_three_exams_for_the_three_banks() -> None:
    drawn_from = {bank for exam in EXAMS if exam.text.blueprint for bank in exam.text.blueprint.banks}
    assert len(EXAMS) == 3
    assert drawn_from == {path.stem for path in shipped_folder("question_banks").glob("*.yaml")}


@each_exam
def test_a_shipped_exam_has_no_fault_and_is_provably_drawable(exam: ExamOnDisk) -> None:
    blueprint = exam.text.blueprint
    assert blueprint is not None
    assert exam.faults == []
    beside = banks_beside(exam, blueprint.banks)
    candidates = [candidate for bank in beside.values() for candidate in bank]
    assert checking.undrawable(exam.text, candidates) == []


@each_exam
def test_a_shipped_exam_is_worth_a_hundred_points(exam: ExamOnDisk) -> None:
    assert exam.text.blueprint is not None
    total = sum(section.draw * (section.points or 0) for section in exam.text.blueprint.sections)
    assert Points(total) == Points(100_00)
