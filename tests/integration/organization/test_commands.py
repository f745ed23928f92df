"""The command line of the organization: exit statuses, JSON, and files of every kind."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select, text

from studyhub.cli import main
from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.organization.models import Activation, Member

Run = Callable[..., Result]

BRANCHES = "code,name,parent,kind\nlib-3,第三党支部,city,党支部\ncity,市直机关工委,,党委\n"
MEMBERS = "member_no,name,branch,roles\n10001,李秀兰,lib-3,leader\n10002,王建国,lib-3,\n"


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("members", "import", path)` on the test's database."""
    monkeypatch.setattr("studyhub.cli.create_app", lambda: app)
    runner = CliRunner()

    def running(*arguments: object) -> Result:
        return runner.invoke(main, [str(argument) for argument in arguments])

    return running


@pytest.fixture
def files(tmp_path: Path, run: Run) -> Path:
    """A folder with branches imported and members.csv to import."""
    (tmp_path / "branches.csv").write_text(BRANCHES, "utf-8")
    (tmp_path / "members.csv").write_text(MEMBERS, "gb18030")
    assert run("branches", "import", tmp_path / "branches.csv").exit_code == 0
    return tmp_path


def test_an_import_reports_what_it_did(files: Path, run: Run) -> None:
    report = json.loads(run("members", "import", files / "members.csv", "--json").stdout)
    assert report == {
        "created": 2,
        "transferred": 0,
        "updated": 0,
        "unchanged": 0,
        "applied": True,
        "errors": 0,
        "warnings": 0,
        "faults": [],
    }


def test_a_dry_run_changes_nothing(files: Path, run: Run, database: Database) -> None:
    report = json.loads(run("members", "import", files / "members.csv", "--dry-run", "--json").stdout)
    assert (report["created"], report["applied"]) == (2, False)
    with database.read() as session:
        assert session.execute(select(Member)).first() is None


def test_faults_end_with_status_1_and_name_row_and_column(files: Path, run: Run, database: Database) -> None:
    (files / "bad.csv").write_text("member_no,name,branch\n11010519491231002X,李,lib-3\n1,王,lib3\n", "utf-8")
    result = run("members", "import", files / "bad.csv", "--json")
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [(f["line"], f["column"], f["code"]) for f in report["faults"]] == [
        (2, "member_no", "id_number"),
        (3, "branch", "unknown_branch"),
    ]
    assert report["faults"][1]["hint"] == "是不是“lib-3”？"
    assert "第 3 行, branch" in run("members", "import", files / "bad.csv").stdout
    with database.read() as session:
        assert session.execute(select(Member)).first() is None


def test_a_warning_ends_with_status_1_only_when_strict(files: Path, run: Run) -> None:
    (files / "more.csv").write_text("member_no,name,branch,shoe size\n1,李,lib-3,39\n", "utf-8")
    assert run("members", "import", files / "more.csv", "--dry-run").exit_code == 0
    assert run("members", "import", files / "more.csv", "--dry-run", "--strict").exit_code == 1


def test_wrong_usage_ends_with_status_2(run: Run) -> None:
    assert run("members", "import", "/nowhere.csv").exit_code == 2
    assert run("members", "import").exit_code == 2


def test_slips_are_written_and_their_codes_are_stored_only_hashed(
    files: Path, run: Run, database: Database
) -> None:
    run("members", "import", files / "members.csv")
    result = run("members", "slips", "city", "-o", files / "slips.pdf", "--json")
    made = json.loads(result.stdout)["slips"]
    assert [slip["member_no"] for slip in made] == ["10001", "10002"]
    assert (files / "slips.pdf").read_bytes().startswith(b"%PDF-")
    assert (files / "slips.pdf").stat().st_mode & 0o077 == 0
    with database.read() as session:
        stored = session.execute(select(Activation.code_digest)).scalars().all()
    assert len(stored) == 2
    assert all(slip["code"].encode() not in digest for slip in made for digest in stored)


def test_a_password_is_reset_to_a_code_that_signs_in(files: Path, run: Run, app: Flask) -> None:
    run("members", "import", files / "members.csv")
    code = json.loads(run("members", "password", "10001", "--json").stdout)["code"]
    answer = app.test_client().post("/api/v1/sessions", json={"member_no": "10001", "password": code})
    assert answer.status_code == 201
    assert answer.get_json()["member"]["roles"] == ["leader"]


def test_an_unknown_branch_or_member_is_said_so(run: Run) -> None:
    result = run("members", "slips", "nowhere")
    assert (result.exit_code, "nowhere" in result.stderr) == (1, True)
    result = run("members", "password", "nobody")
    assert (result.exit_code, "nobody" in result.stderr) == (1, True)


def test_the_trail_is_whole_until_somebody_rewrites_it(files: Path, run: Run, database: Database) -> None:
    assert run("audit", "verify").exit_code == 0
    with database.write() as session:
        session.execute(text("UPDATE audit_entry SET detail = '{}'"))
    result = run("audit", "verify", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["broken"]["how"] == "entry_changed"


def test_backup_and_restore_from_the_command_line(files: Path, run: Run, database: Database) -> None:
    made = run("backup", files / "backup")
    assert made.exit_code == 0
    assert re.search(r"\d\d:\d\d$", made.output.splitlines()[0]), "a moment as people write it"
    assert run("backup", files / "backup").exit_code == 1
    assert run("restore", files / "backup").exit_code == 1
    assert run("restore", files / "nothing", "--force").exit_code == 1
    result = run("restore", files / "backup", "--force", "--json")
    assert result.exit_code == 0, result.output
    assert run("audit", "verify").exit_code == 0


def test_a_machine_with_a_key_of_its_own_takes_over_that_of_the_backup(
    files: Path, run: Run, app: Flask, settings: Settings, database: Database
) -> None:
    assert run("backup", files / "backup").exit_code == 0
    elsewhere = replace(
        settings, data_dir=files / "elsewhere", secret_key="made on the new machine " + "y" * 20
    )
    elsewhere.data_dir.mkdir()
    (elsewhere.data_dir / "secret_key").write_text(elsewhere.secret_key)
    app.extensions["studyhub.settings"] = elsewhere
    assert run("restore", files / "backup", "--force").exit_code == 0
    assert (elsewhere.data_dir / "secret_key").read_text() == settings.secret_key
    app.extensions["studyhub.settings"] = replace(elsewhere, secret_key=settings.secret_key)
    assert run("audit", "verify").exit_code == 0


def test_the_doctor_speaks_plainly(files: Path, run: Run) -> None:
    result = run("doctor")
    assert "✓ 数据库可以访问" in result.stdout
    states = {check["check"]: check["state"] for check in json.loads(run("doctor", "--json").stdout)}
    assert states["schema"] == "ok"
