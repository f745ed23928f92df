"""`studyhub banks import` says what a change of keys touches."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from click.testing import CliRunner, Result
from flask import Flask

from studyhub.db.database import Database
from studyhub.exams.attempts import starting
from studyhub.questions.commands import banks
from tests.factories import exams, organization
from tests.factories.questions import file_text, singles


def invoke(app: Flask, *words: object) -> Result:
    return CliRunner().invoke(banks, ["import", "--dry-run", *map(str, words)], obj=lambda: app)


def test_a_trial_tells_how_many_papers_a_change_touches(
    app: Flask, database: Database, now: datetime, tmp_path: Path
) -> None:
    with database.write() as session:
        home = organization.branch(session, "home", now)
        member = organization.actor(organization.member(session, "m1", home, now), home)
        exams.bank(session, "bank", exams.singles(5), now)
        exams.exam(session, now)
        starting.start(session, member, "quiz", seed=7, now=now)
    file = tmp_path / "bank.yaml"
    file.write_text(file_text("bank", singles(["other"])), "utf-8")
    told = invoke(app, file)
    assert told.exit_code == 0
    assert "1 份进行中的答卷、0 份已交的答卷、0 项成绩" in told.output
    report = json.loads(invoke(app, file, "--json").output)
    assert report["banks"][0]["touches"]["retired"] == {"open_attempts": 1, "past_attempts": 0, "results": 0}


def test_a_trial_names_the_exams_that_could_draw_essays_which_come_in(
    app: Flask, database: Database, now: datetime, tmp_path: Path
) -> None:
    singles_only = [{"title": "单选", "draw": 2, "from": ["bank"], "where": {"type": "single"}}]
    over = {"opens": "2020-01-01 08:00", "closes": "2020-02-01 08:00"}
    with database.write() as session:
        exams.bank(session, "bank", exams.singles(5), now)
        exams.bank(session, "other", exams.singles(5), now)
        exams.exam(session, now, exam="open", title="都抽")
        exams.exam(session, now, exam="singles", title="只抽单选", sections=singles_only)
        exams.exam(session, now, exam="over", title="已结束", **over)
        exams.exam(session, now, exam="draft", title="草稿", state="draft")
        elsewhere = [{"title": "单选", "draw": 5, "from": ["other"]}]
        exams.exam(session, now, exam="other", title="别处", sections=elsewhere)
    essay = "  - {id: why, type: essay, prompt: 为什么？, model_answer: 因为。, explanation: 见。}\n"
    file = tmp_path / "bank.yaml"
    file.write_text(file_text("bank", singles(["q0"]) + essay), "utf-8")
    touches = json.loads(invoke(app, file, "--json").output)["banks"][0]["touches"]
    assert (touches["essays"], touches["essays_drawn_by"]) == (1, ["都抽"])
    assert "都抽" in invoke(app, file).output
    file.write_text(file_text("bank", singles(["q0"])), "utf-8")
    touches = json.loads(invoke(app, file, "--json").output)["banks"][0]["touches"]
    assert (touches["essays"], touches["essays_drawn_by"]) == (0, [])


def test_a_trial_names_the_exams_that_the_file_would_stop(
    app: Flask, database: Database, now: datetime, tmp_path: Path
) -> None:
    every = [{"title": "单选", "draw": 5, "from": ["bank"]}]
    some = [{"title": "单选", "draw": 4, "from": ["bank"]}]
    with database.write() as session:
        exams.bank(session, "bank", exams.singles(5), now)
        exams.exam(session, now, exam="all", title="全抽", sections=every)
        exams.exam(session, now, exam="some", title="抽四题", sections=some)
    file = tmp_path / "bank.yaml"
    file.write_text(file_text("bank", singles(["q0", "q1", "q2", "q3"])), "utf-8")
    told = invoke(app, file, "--json").output
    assert json.loads(told)["banks"][0]["touches"]["exams_stopped"] == [{"slug": "all", "title": "全抽"}]
    assert "全抽" in invoke(app, file).output
    renamed = ["q0", "q1", "q2", "q3", "new"]
    file.write_text(file_text("bank", singles(renamed)), "utf-8")
    assert json.loads(invoke(app, file, "--json").output)["banks"][0]["touches"]["exams_stopped"] == []


def test_a_row_that_cannot_be_read_keeps_no_question_of_the_bank_out(app: Flask, tmp_path: Path) -> None:
    rows = ["题型,题干,选项A,选项B,答案", "单选题,甲是什么？,一,二,A", "单选题,乙又是什么？,三,四,B"]
    file = tmp_path / "sheet.csv"

    def taken(*lines: str) -> Result:
        file.write_text("\n".join(lines), "utf-8")
        return CliRunner().invoke(banks, ["import", str(file), "--json"], obj=lambda: app)

    assert taken(*rows).exit_code == 0
    refused = taken(*rows[:2], rows[2].replace(",B", ",E"))
    assert refused.exit_code == 1
    assert "没有改动题库“sheet”" in refused.stderr
    again = json.loads(taken(*rows).stdout)["banks"][0]
    assert (again["unchanged"], again["brought_back"], again["retired"]) == (2, 0, 0)
    assert json.loads(taken(*rows[:2]).stdout)["banks"][0]["retired"] == 1
