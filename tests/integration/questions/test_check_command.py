"""`banks check`: for people, for programs, for GitHub; `--fix` writes whole files or none."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from studyhub.cli import main
from studyhub.questions.commands import banks

BANK = """bank: faulty   # 题库
title: 标题
language: zh
questions:
  - id: one
    type: single
    prompt: 哪一个最安全？
    options: {A: 甲, B: 乙}
    anwser: b
    explanation: 因为。
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "banks" / "bank.yaml"
    path.parent.mkdir()
    path.write_bytes(BANK.encode())
    return path


def invoke(app: Flask, *words: object) -> Result:
    return CliRunner().invoke(banks, ["check", *map(str, words)], obj=lambda *_settings: app)


def test_people_see_a_caret_under_the_offending_text(app: Flask, file: Path) -> None:
    told = invoke(app, file)
    assert told.exit_code == 1
    assert f"{file}:9:5 " in told.output
    assert "        anwser: b\n        ^~~~~~\n    → " in told.output


def test_programs_get_the_offending_text_beside_line_and_column(app: Flask, file: Path) -> None:
    report = json.loads(invoke(app, file, "--json").output)
    key, value = report["files"][0]["faults"]
    assert (key["line"], key["column"], key["text"], key["question"]) == (9, 5, "anwser", "one")
    assert "answer" in key["hint"]
    assert (value["code"], value["text"]) == ("not_an_option", "b")


def test_github_shows_each_fault_beside_its_line(app: Flask, file: Path) -> None:
    first, _ = invoke(app, file, "--format", "github").output.splitlines()
    assert first.startswith(f"::error file={file},line=9,col=5,endColumn=11,title=unknown_key::")


def test_an_annotation_cannot_be_broken_by_what_the_file_says(app: Flask, file: Path) -> None:
    file.write_bytes(BANK.replace("anwser: b", 'answer: "%0A::error::x\\n::stop"').encode())
    lines = invoke(app, file, "--format", "github").output.splitlines()
    assert [line for line in lines if "%250A" in line] == lines
    assert all(line.startswith("::error file=") for line in lines)


def test_fix_says_what_it_changed_and_changes_nothing_the_second_time(app: Flask, file: Path) -> None:
    file.chmod(0o640)
    report = json.loads(invoke(app, file, "--fix", "--json").output)
    assert [(edit["before"], edit["after"]) for edit in report["files"][0]["fixed"]] == [
        ("anwser", "answer"),
        ("b", "B"),
    ]
    assert (report["errors"], file.stat().st_mode & 0o777) == (0, 0o640)
    assert file.read_bytes() == BANK.replace("anwser: b", "answer: B").encode()
    written = file.stat()
    assert json.loads(invoke(app, file, "--fix", "--json").output)["files"][0]["fixed"] == []
    assert file.stat() == written
    assert os.listdir(file.parent) == [file.name]


def test_fix_goes_through_a_link_and_leaves_it_one(app: Flask, file: Path) -> None:
    link = file.with_name("link.yaml")
    link.symlink_to(file)
    assert invoke(app, link, "--fix").exit_code == 0
    assert link.is_symlink()
    assert b"answer: B" in file.read_bytes()


def test_a_failing_disk_leaves_the_file_as_it_was(
    app: Flask, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: the disk is full when the new content is written."""

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert invoke(app, file, "--fix").exit_code != 0
    assert file.read_bytes() == BANK.encode()
    assert os.listdir(file.parent) == [file.name]


def test_strict_makes_warnings_count(app: Flask, file: Path) -> None:
    file.write_bytes(BANK.replace("anwser: b\n    explanation: 因为。", "answer: B").encode())
    assert invoke(app, file).exit_code == 0
    assert invoke(app, file, "--strict").exit_code == 1


def test_a_row_of_a_sheet_that_cannot_be_read_is_a_fault(app: Flask, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "题型,题干,选项A,选项B,答案\n单选题,甲是什么？,一,二,A\n单选题,乙是？,三,四,E\n", "utf-8"
    )
    told = invoke(app, sheet, "--json")
    report = json.loads(told.stdout)
    assert (told.exit_code, report["errors"]) == (1, 1)
    fault = report["files"][0]["faults"][0]
    assert (fault["line"], fault["column"], fault["severity"], fault["text"]) == (3, 5, "error", "E")
    assert "1 处错误" in invoke(app, sheet).stdout
    assert (
        f"::error file={sheet},line=3,col=5,title=cell_no_option::"
        in invoke(app, sheet, "--format", "github").output
    )


def test_a_file_that_cannot_be_read_hides_no_fault_of_another(app: Flask, file: Path) -> None:
    broken = file.with_name("broken.zip")
    broken.write_bytes(b"PK\x03\x04" + bytes(100))
    told = invoke(app, broken, file, "--json")
    report = json.loads(told.stdout)
    assert (told.exit_code, report["errors"]) == (1, 3)
    [fault] = report["files"][0]["faults"]
    assert (fault["line"], fault["column"], fault["severity"]) == (0, 0, "error")
    assert [each["code"] for each in report["files"][1]["faults"]] == ["unknown_key", "not_an_option"]
    people = invoke(app, broken, file)
    assert f"{broken}: " in people.stderr
    assert f"{file}:9:5 " in people.stdout
    assert invoke(app, broken, "--format", "github").output.startswith(f"::error file={broken},")


def test_a_prompt_of_another_bank_is_warned_about(app: Flask, file: Path) -> None:
    good = BANK.replace("anwser: b", "answer: B")
    file.write_bytes(good.encode())
    file.with_name("other.yaml").write_bytes(good.replace("faulty", "other").encode())
    report = json.loads(invoke(app, file.parent, "--json").output)
    assert [f["code"] for listed in report["files"] for f in listed["faults"]] == ["same_prompt_elsewhere"]


def test_a_warning_about_many_questions_of_a_paper_is_told_once_and_to_programs_each_time(
    app: Flask, file: Path
) -> None:
    paper = file.with_name("paper.txt")
    paper.write_text("一、判断题\n" + "".join(f"{at}. 第{at}条是对的。（ √ ）\n" for at in range(1, 16)))
    [told] = [line for line in invoke(app, paper).stdout.splitlines() if "no_explanation" in line]
    assert re.findall(r"第 (\d+) 行", told) == [str(line) for line in range(2, 17)]
    assert json.loads(invoke(app, paper, "--json").stdout)["warnings"] >= 15


def test_an_empty_folder_is_wrong_usage_and_says_what_to_give(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    told = invoke(app, tmp_path / "empty")
    assert told.exit_code == 2
    assert "请写明题库文件" in told.output


def test_a_check_leaves_nothing_in_the_data_folder(file: Path, tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    environment = {"STUDYHUB_DATA_DIR": str(data_dir), "STUDYHUB_SECRET_KEY": ""}
    told = CliRunner(env=environment).invoke(main, ["banks", "check", str(file)])
    assert told.exit_code == 1, told.output
    assert not data_dir.exists()
