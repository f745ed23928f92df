"""`studyhub exams …` as an admin types it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from studyhub.cli import main
from studyhub.db.database import Database
from studyhub.exams.commands import exams
from studyhub.exams.models import Exam
from tests.factories import exams as exams_made
from tests.overtaking import overtaken

from .conftest import Hall

Run = Callable[..., Result]

GOOD = """\
exam: cyber
title: 测试
minutes: 30
closes: 2026-12-01 18:00
sections:
  - title: 单选
    draw: 4
    from: bank
    points: 2
"""


@pytest.fixture
def run(app: Flask, hall: Hall) -> Run:
    """Call the command line on the test's application."""

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(exams, list(words), obj=lambda *_settings: app)

    return invoke


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], str]:
    def write(content: str, name: str = "exam.yaml") -> str:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return str(path)

    return write


def found(result: Result) -> list[tuple[Any, ...]]:
    checked = json.loads(result.stdout)
    return [
        (fault["line"], fault["column"], fault["code"]) for one in checked["files"] for fault in one["faults"]
    ]


def test_a_good_exam_is_checked_and_imported(run: Run, file: Any, database: Database) -> None:
    path = file(GOOD)
    checked = run("check", path, "--json")
    assert checked.exit_code == 0
    assert json.loads(checked.stdout) == {
        "files": [{"path": path, "exam": "cyber", "faults": []}],
        "exams": 1,
        "errors": 0,
        "warnings": 0,
    }
    assert json.loads(run("import", path, "--json").stdout) == {
        "exams": [{"exam": "cyber", "became": "created"}]
    }
    again = run("import", path)
    assert again.exit_code == 0
    assert "没有变化" in again.stdout


def test_every_fault_comes_with_its_place_and_nothing_is_imported(
    run: Run, file: Any, database: Database
) -> None:
    broken = (
        GOOD.replace("minutes", "minuets").replace("draw: 4", "draw: 40").replace("from: bank", "from: bnak")
    )
    result = run("import", file(GOOD, "good.yaml"), file(broken, "bad.yaml"), "--json")
    assert result.exit_code == 1
    assert (3, 1, "unknown_key") in found(result)
    with database.read() as session:
        assert session.scalar(select(func.count()).where(Exam.slug == "cyber")) == 0


def test_a_shortage_names_section_and_cell(run: Run, file: Any) -> None:
    wanting = GOOD.replace("draw: 4", "draw: 4\n    where: {type: single, difficulty: hard}")
    result = run("check", file(wanting))
    assert result.exit_code == 1
    assert "exam.yaml:7:11: 错误: 第 1 大题“单选”：难 × single 需要 4 道，题库只有 0 道" in result.stdout


def test_an_unknown_branch_hides_no_shortage(run: Run, file: Any) -> None:
    both = GOOD.replace("draw: 4", "draw: 400") + "for: [nowhere]\n"
    assert [code for _, _, code in found(run("check", file(both), "--json"))] == [
        "not_enough",
        "unknown_branch",
    ]


def test_a_mistake_elsewhere_hides_no_shortage(run: Run, file: Any) -> None:
    both = GOOD.replace("draw: 4", "draw: 400").replace("minutes: 30", "minutes: half an hour")
    for act in ("check", "import"):
        assert [code for _, _, code in found(run(act, file(both), "--json"))] == [
            "not_a_number",
            "not_enough",
        ]
    elsewhere = both.replace("from: bank", "from: nowhere")
    assert [code for _, _, code in found(run("check", file(elsewhere), "--json"))] == [
        "not_a_number",
        "unknown_bank",
    ]


def test_what_is_not_built_yet_is_refused_not_ignored(run: Run, file: Any) -> None:
    asked = GOOD + "avoid_seen: true\nbalance: 2%\non_deadline: grace\nrehearsal: true\n"
    assert [code for _, _, code in found(run("check", file(asked), "--json"))] == ["not_supported_yet"] * 4
    default = GOOD + "avoid_seen: false\non_deadline: submit\nrehearsal: false\n"
    assert run("check", file(default)).exit_code == 0


def test_warnings_count_when_strict(run: Run, file: Any) -> None:
    endless = file(GOOD.replace("closes: 2026-12-01 18:00\n", ""))
    assert run("check", endless).exit_code == 0
    assert run("check", endless, "--strict").exit_code == 1


def test_the_same_exam_in_two_files_is_a_fault_of_the_second(run: Run, file: Any) -> None:
    result = run("check", file(GOOD, "a.yaml"), file(GOOD, "b.yaml"), "--json")
    assert found(result) == [(1, 7, "duplicate_exam")]


def test_a_folder_of_banks_and_exams_is_checked_before_anything_is_imported(run: Run, tmp_path: Path) -> None:
    (tmp_path / "exams").mkdir()
    questions = "".join(
        f"  - {{id: q{n}, type: truefalse, prompt: 第 {n} 题, answer: true, explanation: 是。}}\n"
        for n in range(4)
    )
    (tmp_path / "fresh.yaml").write_text(
        f"bank: fresh\ntitle: 新\nlanguage: zh\nquestions:\n{questions}", encoding="utf-8"
    )
    (tmp_path / "exams" / "e.yaml").write_text(GOOD.replace("from: bank", "from: fresh"), encoding="utf-8")
    result = run("check", str(tmp_path), "--json")
    assert json.loads(result.stdout)["exams"] == 1
    assert found(result) == []
    assert result.exit_code == 0


def test_the_draw_prints_the_same_paper_for_the_same_seed(run: Run, file: Any) -> None:
    run("import", file(GOOD))
    first, again, other = (run("draw", "cyber", "--seed", seed).stdout for seed in ("7", "7", "8"))
    assert first == again != other
    paper = json.loads(first)
    assert (paper["exam"], paper["seed"]) == ("cyber", 7)
    assert [question["position"] for question in paper["questions"]] == [1, 2, 3, 4]
    question = paper["questions"][0]
    assert (question["bank"], question["points"], sorted(question["options"])) == ("bank", 2, list("ABCD"))
    assert paper["expected_score"] == 5.2


def test_a_draw_for_a_member_needs_one_who_may_sit_the_exam(run: Run, file: Any) -> None:
    run("import", file(GOOD + "for: [away]\n"))
    assert run("draw", "cyber", "--seed", "1", "--member", "far").exit_code == 0
    assert run("draw", "cyber", "--seed", "1", "--member", "m1").exit_code == 1
    unknown = run("draw", "cyber", "--seed", "1", "--member", "nobody")
    assert (unknown.exit_code, "nobody" in unknown.stderr) == (1, True)
    missing = run("draw", "none", "--seed", "1")
    assert (missing.exit_code, "none" in missing.stderr) == (1, True)


def test_the_schema_is_printed_and_knows_every_key(run: Run) -> None:
    schema = json.loads(run("schema").stdout)
    assert set(schema["required"]) == {"exam", "title", "sections"}
    assert "must" in schema["properties"]["sections"]["items"]["properties"]


def test_the_draw_names_the_numbers_of_a_paper_beside_its_options(
    run: Run, file: Any, database: Database, now: datetime
) -> None:
    with database.write() as session:
        exams_made.bank(session, "sums", [exams_made.varying("rice"), exams_made.single("one")], now)
    run("import", file(GOOD.replace("from: bank", "from: sums").replace("draw: 4", "draw: 2")))
    drawn = json.loads(run("draw", "cyber", "--seed", "7").stdout)["questions"]
    by_id = {question["id"]: question for question in drawn}
    assert by_id["rice"]["options"] == []
    assert set(by_id["rice"]["variables"]) == {"n", "m"}
    assert sorted(by_id["one"]["options"]) == list("ABCD")
    assert by_id["one"]["variables"] == {}


@pytest.mark.parametrize("command", ["check", "import"])
def test_an_empty_folder_is_wrong_usage_and_says_what_to_give(run: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "empty").mkdir()
    told = run(command, str(tmp_path / "empty"))
    assert told.exit_code == 2
    assert "请写明考试文件" in told.output


def test_a_check_without_a_database_makes_none(file: Callable[[str], str], tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    environment = {"STUDYHUB_DATA_DIR": str(data_dir), "STUDYHUB_SECRET_KEY": "", "STUDYHUB_DATABASE_URL": ""}
    told = CliRunner(env=environment).invoke(main, ["exams", "check", file(GOOD)])
    assert told.exit_code == 1
    assert "bank" in told.output
    assert not data_dir.exists()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_imports_an_exam_that_somebody_else_imports_at_that_moment_is_told(
    run: Run, file: Any, database: Database
) -> None:
    path = file(GOOD + "state: draft\n")
    with overtaken(database, "INSERT INTO exam ", lambda: run("import", path)):
        second = run("import", path)
    assert (second.exit_code, second.stderr.count("\n")) == (1, 1)
    assert "同一时刻" in second.stderr
