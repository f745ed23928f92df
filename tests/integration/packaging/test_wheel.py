"""The wheel, installed in a clean venv elsewhere, carries everything that a checkout has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def _run(*command: str, cwd: Path, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "STUDYHUB"))}
    done = subprocess.run(
        command, cwd=cwd, env={**kept, **environment}, capture_output=True, text=True, timeout=280
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `studyhub` command of a venv that holds the wheel and nothing of this checkout."""
    place = tmp_path_factory.mktemp("elsewhere")
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    source = place / "source"
    for name in filter(None, files.decode().split("\0")):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((ROOT / name).read_bytes())
    _run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(place), str(source), cwd=place)
    venv.create(place / "venv", with_pip=True)
    python = str(place / "venv" / "bin" / "python")
    wheel = next(place.glob("studyhub-*.whl"))
    _run(python, "-m", "pip", "install", "-q", "-c", str(ROOT / "constraints.txt"), str(wheel), cwd=place)
    return place / "venv" / "bin" / "studyhub"


def test_the_wheel_sets_a_database_up(installed: Path, tmp_path: Path) -> None:
    _run(str(installed), "db", "upgrade", cwd=tmp_path, STUDYHUB_DATA_DIR=str(tmp_path / "data"))
    assert (tmp_path / "data" / "studyhub.sqlite3").stat().st_size > 0


def test_the_wheel_builds_the_demo(installed: Path, tmp_path: Path) -> None:
    environment = {
        "STUDYHUB_DATA_DIR": str(tmp_path / "demo"),
        "STUDYHUB_DEMO_PASSWORD": "four unrelated words",
    }
    size = ("--members", "20", "--branches", "3", "--exams", "1", "--attempts", "10")
    _run(str(installed), "demo", "build", *size, cwd=tmp_path, **environment)
    verified = _run(str(installed), "scores", "verify", "--json", cwd=tmp_path, **environment)
    assert json.loads(verified)["differences"] == []


def test_the_wheel_carries_its_licence(installed: Path) -> None:
    (text,) = installed.parents[1].glob("lib/python*/site-packages/studyhub-*.dist-info/licenses/LICENSE")
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in text.read_text()
