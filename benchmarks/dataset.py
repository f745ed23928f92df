"""What is measured on: a bank of 10,000 questions, an exam of 20, members; brought in as users do."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from benchmarks.scenarios import PAPER, Ground, members_needed
from benchmarks.server import make_floor_table
from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.exams.models import Attempt
from studyhub.organization import sessions
from studyhub.organization.models import Member

QUESTIONS = 10_000
BRANCHES = 16
"""Home branches: each start and each mark counts in its own, and locks that for a moment."""


def bank_yaml(questions: int = QUESTIONS) -> str:
    """A bank of single-choice questions, each with a prompt, options and an explanation of its own."""
    lines = ["bank: bench", "title: 性能测试题库", "language: zh", "questions:"]
    for n in range(questions):
        lines += [
            f"  - id: q{n}",
            "    type: single",
            f"    prompt: 编号 {n} 的条目应当归入第 {n * 7919 % 10007} 组还是第 {n * 104729 % 10009} 组？",
            "    options:",
            *(
                f"      {key}: 第 {(n * step) % 9973} 组"
                for key, step in zip("ABCD", (3, 5, 7, 11), strict=True)
            ),
            f"    answer: {'ABCD'[n % 4]}",
            f"    explanation: 按编号 {n} 的尾数归组。",
            f"    difficulty: {('easy', 'medium', 'hard')[n % 3]}",
        ]
    return "\n".join(lines) + "\n"


EXAM = f"""exam: bench
title: 性能测试
minutes: 60
pass: 60%
sections:
  - title: 单项选择
    draw: {PAPER}
    from: [bench]
    points: 5
    mix: {{easy: 40%, medium: 40%, hard: 20%}}
"""


def build(settings: Settings, environment: dict[str, str], folder: Path) -> Ground:
    """Fill an empty database. Uses the same commands as an admin."""
    members = members_needed()
    branches = ["code,name,parent,kind", "root,市直机关工委,,committee"]
    branches += [f"b{n},第{n}党支部,root,home_branch" for n in range(BRANCHES)]
    homes = random.Random(BRANCHES).choices(range(BRANCHES), k=members)
    people = ["member_no,name,branch", *(f"m{n},成员{n},b{home}" for n, home in enumerate(homes))]
    files = {
        "branches.csv": "\n".join(branches),
        "members.csv": "\n".join(people),
        "bench.yaml": bank_yaml(),
        "exam.yaml": EXAM,
    }
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    for command in (
        ("db", "upgrade"),
        ("branches", "import", "branches.csv"),
        ("members", "import", "members.csv"),
        ("banks", "import", "bench.yaml"),
        ("exams", "import", "exam.yaml"),
    ):
        studyhub(folder, environment, *command)
    return _ground(settings, members)


def studyhub(folder: Path, environment: dict[str, str], *command: str) -> None:
    """Run a command as an operator does. Raises RuntimeError when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "studyhub", *command],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"studyhub {' '.join(command)} failed: {done.stdout[-1500:]}{done.stderr[-1500:]}")


def _ground(settings: Settings, members: int) -> Ground:
    database = Database(settings.database_url)
    make_floor_table(database, 5000)
    now = datetime.now(tz=UTC)
    with database.write() as session:
        ids = list(session.scalars(select(Member.id).where(Member.member_no.like("m%")).order_by(Member.id)))
        tokens = [sessions.open_session(session, member_id, now)[0] for member_id in ids[:members]]
    by_member = dict(zip(ids, tokens, strict=False))

    def attempts() -> dict[str, int]:
        with database.read() as reading:
            rows = reading.execute(select(Attempt.member_id, Attempt.id)).all()
        return {by_member[member_id]: attempt_id for member_id, attempt_id in rows}

    return Ground(tokens, "bench", attempts)
