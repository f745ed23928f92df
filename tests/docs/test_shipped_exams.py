"""The exams that we ship can be drawn from the banks beside them."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from studyhub.exams import checking
from studyhub.exams.draw import draw
from studyhub.exams.file.collecting import ExamOnDisk, banks_beside, collect
from studyhub.exams.pool import prepare
from studyhub.kernel.points import Points
from studyhub.kernel.shipped import shipped_folder
from studyhub.questions.bank_file import check

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
    assert checking.undrawable(exam.text, prepare(blueprint.sections, candidates)) == []


@each_exam
def test_a_shipped_exam_is_worth_a_hundred_points(exam: ExamOnDisk) -> None:
    blueprint = exam.text.blueprint
    assert blueprint is not None
    pool = prepare(
        blueprint.sections, [one for bank in banks_beside(exam, blueprint.banks).values() for one in bank]
    )
    for seed in range(20):
        asked = [
            one for each in draw(pool, blueprint.sections, blueprint.shuffle, seed) for one in each.asked
        ]
        assert sum(blueprint.sections[one.section].points or 0 for one in asked) == Points(100_00)


def test_one_of_them_draws_what_is_joined_what_is_ordered_a_passage_and_other_numbers_each_time() -> None:
    blueprints = [exam.text.blueprint for exam in EXAMS if exam.text.blueprint]
    types = [set().union(*(section.where.types for section in each.sections)) for each in blueprints]
    assert any({"match", "order", "passage", "number"} <= drawn for drawn in types)
    bank = check((shipped_folder("question_banks") / "digital-skills.yaml").read_bytes()).bank
    assert bank is not None
    assert any(question.variables for question in bank.questions)
    # Nobody waits for a person who marks: no shipped exam can draw an essay.
    assert all(
        section.where.types and "essay" not in section.where.types
        for each in blueprints
        for section in each.sections
    )
