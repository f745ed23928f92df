"""`studyhub banks import` says what a change of keys touches."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from click.testing import CliRunner, Result
from flask import Flask

from studyhub.db.database import Database
from studyhub.exams.attempts import starting
from studyhub.questions import queries
from studyhub.questions.commands import banks
from tests.factories import exams, organization, word
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
    assert "涉及 1 份进行中的答卷。" in told.output, "what there is none of is not counted"
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
    meant = CliRunner().invoke(banks, ["import", str(file), "--dry-run", "--yes"], obj=lambda: app)
    assert meant.exit_code == 0
    again = json.loads(taken(*rows).stdout)["banks"][0]
    assert (again["unchanged"], again["brought_back"], again["retired"]) == (2, 0, 0)
    assert json.loads(taken(*rows[:2]).stdout)["banks"][0]["retired"] == 1


def test_a_warning_about_a_sheet_names_its_row_beside_the_id(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    file.write_text("题干,选项A,选项B,答案\n哪一个口令最安全？,123456,长口令,B\n", "utf-8")
    shown = CliRunner().invoke(banks, ["import", str(file)], obj=lambda: app)
    assert f"{file}, 第 2 行" in shown.stdout
    listed = CliRunner().invoke(banks, ["check", str(file), "--json"], obj=lambda *_settings: app)
    assert json.loads(listed.stdout)["files"][0]["faults"][0]["item"].startswith("第 2 行")


def test_a_document_gives_its_bank_the_title_that_stands_above_it(
    app: Flask, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "party.docx"

    def head_after(*rows: str) -> tuple[object, object]:
        file.write_bytes(word.made([*rows, "一、单选题", "1. 甲是什么？（A）", "A. 一", "B. 二"]))
        assert CliRunner().invoke(banks, ["import", str(file)], obj=lambda: app).exit_code == 0
        with database.read() as session:
            bank = queries.bank_in_force(session, "party")
        return bank.head["bank"], bank.head["title"]

    assert head_after("党章知识题库") == ("party", "党章知识题库")
    assert head_after() == ("party", "党章知识题库"), "the bank that is there keeps its own"
    assert head_after("另一个题库") == ("party", "党章知识题库")


def test_what_a_file_of_another_format_was_taken_for_is_said(app: Flask, tmp_path: Path) -> None:
    paper, bank = tmp_path / "paper.txt", tmp_path / "bank.yaml"
    paper.write_text("1. 甲是什么？（A）\nA. 一\nB. 二\n", "utf-8")
    bank.write_text(file_text("bank", singles(["q"])), "utf-8")
    said = "按“中文版式的文本”读取"
    assert said in invoke(app, paper).stderr
    assert said not in invoke(app, paper, "--from", "text").stderr
    assert said not in invoke(app, paper, "--json").stderr
    assert "读取" not in invoke(app, bank).stderr


def test_a_trial_names_the_questions_of_each_kind(
    app: Flask, database: Database, now: datetime, tmp_path: Path
) -> None:
    with database.write() as session:
        exams.bank(session, "bank", exams.singles(3), now)
    file = tmp_path / "bank.yaml"
    file.write_text(file_text("bank", singles([f"n{at}" for at in range(21)])), "utf-8")
    lines = [line.strip() for line in invoke(app, file).output.splitlines()]
    assert "停用：q0、q1、q2" in lines
    assert f"新增：{'、'.join(f'n{at}' for at in range(20))} … (21)" in lines
    changes = json.loads(invoke(app, file, "--json").output)["banks"][0]["changes"]
    assert (len(changes["created"]), changes["retired"]) == (21, ["q0", "q1", "q2"])
