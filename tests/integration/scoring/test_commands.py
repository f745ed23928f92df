"""`studyhub statistics …` and `studyhub scores …` as they are typed: output, messages and exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from studyhub.scoring.commands import scores, statistics
from studyhub.scoring.rows import ROLL_UP
from tests.factories import scoring as sat

MARKS = Path(__file__).parents[2] / "data" / "item-marks.csv"
ITEM = {
    "item",
    "facility",
    "sd",
    "discrimination_index",
    "discriminative_efficiency",
    "intended_weight",
    "effective_weight",
    "n",
}
TEST = {"mean", "median", "sd", "skewness", "kurtosis", "cic", "error_ratio", "standard_error", "n"}


@pytest.fixture
def run(app):
    """Call a group of commands on the test's application."""

    def invoke(group, *words):
        return CliRunner().invoke(group, list(map(str, words)), obj=lambda: app)

    return invoke


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_item_analysis_is_json_for_programs_and_pipes(run, options):
    result = run(statistics, "items", MARKS, *options)
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert set(answer) == {"items", "test"}
    assert [set(item) for item in answer["items"]] == [ITEM] * 7
    assert set(answer["test"]) == TEST
    assert answer["items"][0]["facility"] == pytest.approx(70.4)
    assert answer["test"]["n"] == 25


@pytest.mark.parametrize(
    ("content", "line", "code", "said"),
    [
        (b"member,q1\nmax,1\na,x\n", 3, "matrix_not_a_number", "“x”不是数字"),
        (b"member,q1\nmax,1\n", 0, "matrix_too_short", "至少要有三行"),
        (b"\xff\xff\xff", 0, "matrix_not_text", "UTF-8"),
    ],
)
def test_a_faulty_matrix_comes_back_with_its_place_and_what_is_wrong(
    run, tmp_path, content, line, code, said
):
    path = tmp_path / "marks.csv"
    path.write_bytes(content)
    result = run(statistics, "items", path, "--json")
    assert result.exit_code == 1
    fault = json.loads(result.stdout)["faults"][0]
    assert (fault["line"], fault["code"]) == (line, code)
    assert said in fault["message"]
    assert said in result.stderr


def test_scores_are_verified_and_rebuilt(run, database, clock):
    with database.write() as session:
        clock.now = sat.world(session, clock.now).later
    result = run(scores, "verify")
    assert (result.exit_code, result.stdout) == (0, "0 处不一致 · 已核对 2 场考试\n")
    with database.write() as session:
        session.execute(update(ROLL_UP).values(passed=ROLL_UP.c.passed + 1))
    result = run(scores, "verify", "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert answer["exams"] == 2
    assert len(answer["differences"]) == 8
    assert answer["differences"][0]["kind"] == "roll_up"
    assert answer["differences"][0]["kept"] == {"passed": 2}
    assert answer["differences"][0]["found"] == {"passed": 1}
    rebuilt = run(scores, "rebuild", "--json")
    assert (rebuilt.exit_code, json.loads(rebuilt.stdout)) == (0, {"exams": 2})
    assert run(scores, "verify").exit_code == 0
