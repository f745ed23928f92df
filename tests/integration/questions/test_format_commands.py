"""`banks convert` and `banks export`: the file, the report, the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from studyhub.questions.commands import banks
from tests.factories.items import PIXEL

BANK = """bank: pictures
title: 看图
language: zh
questions:
- id: one
  type: truefalse
  prompt: '图中是一个点。![点](media/one.png)'
  answer: true
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in" / "media").mkdir(parents=True)
    (tmp_path / "in" / "pictures.yaml").write_text(BANK, "utf-8")
    (tmp_path / "in" / "media" / "one.png").write_bytes(PIXEL)
    (tmp_path / "secret.png").write_bytes(b"secret")
    return tmp_path


def invoke(app: Flask, *words: object) -> Result:
    return CliRunner().invoke(banks, list(map(str, words)), obj=lambda *_settings: app)


def test_a_bank_goes_through_another_format_and_back_with_its_images(app: Flask, folder: Path) -> None:
    there = invoke(
        app, "convert", folder / "in" / "pictures.yaml", "--to", "json", "-o", folder / "x.json", "--json"
    )
    assert (there.exit_code, there.output) == (0, there.stdout)
    assert json.loads(there.stdout) == {
        "read": 1,
        "written": 1,
        "skipped": [],
        "notes": [],
        "doubts": [],
        "assets": 1,
    }
    (folder / "out").mkdir()
    back = invoke(app, "convert", folder / "x.json", "--to", "yaml", "-o", folder / "out" / "bank.yaml")
    assert back.exit_code == 0
    assert (folder / "out" / "media" / "one.png").read_bytes() == PIXEL
    assert invoke(app, "check", folder / "out" / "bank.yaml").exit_code == 0


def test_a_bank_file_takes_nothing_from_outside_its_folder(app: Flask, folder: Path) -> None:
    path = folder / "in" / "pictures.yaml"
    path.write_text(BANK.replace("media/one.png", "../secret.png"), "utf-8")
    told = invoke(app, "convert", path, "--to", "json", "-o", folder / "x.json", "--json")
    assert json.loads(told.stdout)["assets"] == 0
    assert b"c2VjcmV0" not in (folder / "x.json").read_bytes()


def test_what_cannot_be_read_is_refused_with_status_1_and_writes_nothing(app: Flask, folder: Path) -> None:
    (folder / "x.json").write_bytes(b'{"questions": [')
    told = invoke(app, "convert", folder / "x.json", "--to", "yaml", "-o", folder / "y.yaml")
    assert told.exit_code == 1
    assert "JSON" in told.stderr
    assert not (folder / "y.yaml").exists()


def test_a_skipped_question_is_an_error_only_for_strict(app: Flask, folder: Path) -> None:
    questions = [{"type": "truefalse", "prompt": "对吗？", "answer": True}, {"type": "single"}]
    (folder / "x.json").write_text(json.dumps(questions))
    words = ("convert", folder / "x.json", "--to", "yaml", "-o", folder / "y.yaml")
    assert invoke(app, *words).exit_code == 0
    assert invoke(app, *words, "--strict").exit_code == 1


def test_nothing_written_is_an_error_and_leaves_no_file(app: Flask, folder: Path) -> None:
    (folder / "x.json").write_text('[{"type": "single"}]')
    told = invoke(app, "convert", folder / "x.json", "--to", "yaml", "-o", folder / "y.yaml", "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout)["skipped"][0]["reason"]
    assert not (folder / "y.yaml").exists()


def test_wrong_usage_has_status_2(app: Flask, folder: Path) -> None:
    assert invoke(app, "convert", folder / "in" / "pictures.yaml", "--to", "papyrus").exit_code == 2


AIKEN = "哪一个？\nA. 甲\nB. 乙\nANSWER: B\n\n哪一个？\nA. 甲\nB. 乙\nANSWER: Z\n"


def test_a_file_of_another_format_is_imported_into_the_bank_that_is_named(app: Flask, folder: Path) -> None:
    (folder / "题.txt").write_text(AIKEN, "utf-8")
    unnamed = invoke(app, "import", folder / "题.txt")
    assert unnamed.exit_code == 1
    assert "bank" in unnamed.stderr
    done = invoke(app, "import", folder / "题.txt", "--bank", "colours", "--json")
    assert done.exit_code == 0
    assert (
        json.loads(done.stdout)["banks"][0] | {"bank": "colours", "created": 1}
        == (json.loads(done.stdout)["banks"][0])
    )
    assert "2" in done.stderr
    assert "ANSWER: B" in invoke(app, "export", "colours", "--to", "aiken").stdout


def test_strict_refuses_a_file_of_which_something_is_skipped(app: Flask, folder: Path) -> None:
    (folder / "colours.txt").write_text(AIKEN, "utf-8")
    assert invoke(app, "import", folder / "colours.txt", "--from", "aiken", "--strict").exit_code == 1
    checked = invoke(app, "check", folder / "colours.txt", "--json")
    listed = json.loads(checked.stdout)["files"][0]
    assert (checked.exit_code, listed["conversion"]["written"]) == (1, 1)


def test_the_bank_of_several_files_is_not_named_at_once(app: Flask, folder: Path) -> None:
    (folder / "a.txt").write_text(AIKEN, "utf-8")
    (folder / "b.txt").write_text(AIKEN, "utf-8")
    assert invoke(app, "import", folder / "a.txt", folder / "b.txt", "--bank", "c").exit_code == 2


def test_a_second_import_without_ids_recognises_its_questions(app: Flask, folder: Path) -> None:
    path = folder / "colours.txt"
    path.write_text("下列哪一个颜色是最暖的颜色？\nA. 红\nB. 蓝\nANSWER: A\n", "utf-8")
    invoke(app, "import", path)
    path.write_text("下列的哪一个颜色是最暖的颜色？\nA. 红\nB. 蓝\nANSWER: A\n", "utf-8")
    refused = invoke(app, "import", path)
    assert (refused.exit_code, "--yes" in refused.stderr, " %)" in refused.stderr) == (1, True, True)
    for words in (("--dry-run",), ("--yes",)):
        told = json.loads(invoke(app, "import", path, "--json", *words).stdout)["banks"][0]
        assert (told["created"], told["changed"], told["retired"], told["recognised"]) == (0, 1, 0, 1)
        if words == ("--dry-run",):
            (match,) = told["matches"]
            assert told["changes"]["changed"] == [match["question"]]
            assert 50 < match["percent"] < 100
            shown = invoke(app, "import", path, *words).stdout
            assert f"没有标识，按文字认出：{match['question']} ({match['percent']} %)" in shown


def test_what_does_not_come_along_is_noted_in_the_language_of_the_site(app: Flask, folder: Path) -> None:
    answer = invoke(app, "convert", folder / "in" / "pictures.yaml", "--to", "csv", "-o", folder / "out.csv")
    assert "提示：题库的“标题”没有保留。" in answer.stderr
    assert "Note" not in answer.stderr


WARM = """bank: warm
title: 暖色
language: zh
questions:
  - id: warm
    type: multiple
    marking: exact
    difficulty: easy
    prompt: 哪些颜色是暖色？
    options: {A: 红, B: 橙, C: 蓝}
    answer: [A, B]
"""


def test_keys_types_and_marking_rules_are_called_by_their_names(app: Flask, folder: Path) -> None:
    (folder / "warm.yaml").write_text(WARM, "utf-8")
    told = invoke(app, "convert", folder / "warm.yaml", "--to", "gift", "-o", folder / "warm.txt").stderr
    assert "提示：“难度”没有保留。 (warm)" in told
    assert "计分规则由“全对才得分”变为" in told
    told = invoke(app, "convert", folder / "warm.yaml", "--to", "aiken", "-o", folder / "warm.txt").stderr
    assert "该格式不能表示“多选题”类型的试题。" in told


def test_a_format_that_was_found_out_is_said(app: Flask, folder: Path) -> None:
    paper = folder / "quoting.txt"
    paper.write_text("1. {=甲 ~乙} 是什么？（A）\nA. GIFT\nB. JSON\n", encoding="utf-8")
    words = ("convert", paper, "--to", "json", "-o", folder / "q.json")
    assert "按“中文版式的文本”读取" in invoke(app, *words).stderr
    assert "--from" not in invoke(app, *words, "--from", "text").stderr
    assert "--from" not in invoke(app, *words, "--json").stderr


def test_a_file_that_holds_no_questions_is_told_how_its_format_is_said(app: Flask, folder: Path) -> None:
    told = invoke(app, "convert", folder / "in" / "media" / "one.png", "--to", "yaml")
    assert told.exit_code == 1
    assert "Word 文档" in told.stderr
    assert "--from docx|yaml|xlsx" in told.stderr
