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
