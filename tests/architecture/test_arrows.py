"""Arrows go down only (design §2): what import-linter checks, and what it cannot say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import studyhub

PACKAGE = Path(studyhub.__file__).parent
ORDER = (
    "kernel", "db", "web", "tasks", "organization", "media", "notices",
    "questions", "exams", "courses", "scoring", "affairs", "demo", "app", "commands", "cli",
)  # fmt: skip
EDGE = {"views", "api", "commands", "jobs", "forms", "wording"}
ENDS_TRANSACTIONS = {
    "db/database.py": {"commit", "rollback"},
    # Undoes what a view wrote before it answered with a refusal.
    "web/guard.py": {"rollback"},
}


def _modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if "content" not in p.parts)


def _room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0].removesuffix(".py")


def _imports(tree: ast.AST) -> Iterator[tuple[str, list[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module, [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, []


def upward_imports(source: str, room: str) -> list[str]:
    """The rooms above `room` that the source imports from."""
    found = []
    for module, names in _imports(ast.parse(source)):
        if module.split(".")[0] != "studyhub":
            continue
        others = [module.split(".")[1]] if "." in module else names
        found += [o for o in others if o in ORDER and room in ORDER and ORDER.index(o) > ORDER.index(room)]
    return found


@pytest.mark.parametrize("path", _modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_from_rooms_below(path: Path) -> None:
    if path.parent == PACKAGE:
        return
    assert upward_imports(path.read_text("utf-8"), _room(path)) == []


def test_a_planted_upward_import_is_seen() -> None:
    assert upward_imports("from studyhub.exams import queries", "questions") == ["exams"]
    assert upward_imports("from studyhub import app", "web") == ["app"]


@pytest.mark.parametrize("path", _modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_import_hides_inside_a_function(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    hidden = [
        inner.lineno
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Import, ast.ImportFrom))
    ]
    assert hidden == []


def below_the_edge(path: Path) -> bool:
    return path.stem not in EDGE and _room(path) not in {"web", "app", "commands", "cli", "__init__"}


@pytest.mark.parametrize("path", _modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_below_the_edge_nothing_knows_the_request_or_reads_the_clock(path: Path) -> None:
    if not below_the_edge(path):
        return
    source = path.read_text("utf-8")
    tree = ast.parse(source)
    web = [m for m, _ in _imports(tree) if m.startswith(("studyhub.web", "flask"))]
    assert web == []
    if path.stem != "clock":
        calls = [
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and node.attr in {"now", "utcnow"}
            and isinstance(node.value, ast.Name)
            and node.value.id == "datetime"
        ]
        assert calls == []


TESTS = sorted(Path(__file__).parents[1].rglob("*.py"))


@pytest.mark.parametrize("path", [*_modules(), *TESTS], ids=lambda p: str(p.relative_to(PACKAGE.parent)))
def test_functions_stay_small(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert (node.end_lineno or 0) - node.lineno < 40, f"{node.name} is too long"


@pytest.mark.parametrize("path", [*_modules(), *TESTS], ids=lambda p: str(p.relative_to(PACKAGE.parent)))
def test_modules_stay_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400
    assert path.stem not in {"utils", "helpers", "common", "misc"}


DOORS = {"views", "api", "commands", "jobs"}
"""The modules at which requests, commands and the clock come in."""


def long_at_the_door(source: str) -> list[str]:
    """The functions of an edge that do more than parse, permit, call and render (design §2)."""
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 20
    ]


@pytest.mark.parametrize(
    "path", [path for path in _modules() if path.stem in DOORS], ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_nothing_at_the_door_is_longer_than_twenty_lines(path: Path) -> None:
    assert long_at_the_door(path.read_text("utf-8")) == []


def test_a_planted_long_view_is_seen() -> None:
    assert long_at_the_door("def show():\n" + "    pass\n" * 20) == ["show"]
    assert long_at_the_door("def show():\n" + "    pass\n" * 19) == []


def endings(source: str) -> set[str]:
    """The ends of a transaction that the source writes itself."""
    attributes = {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
    return attributes & {"commit", "rollback"}


@pytest.mark.parametrize("path", _modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nothing_but_the_transaction_itself_and_the_guard_ends_a_transaction(path: Path) -> None:
    """A save, a start and a submit are whole or not at all: their caller's block commits once, at its end."""
    assert endings(path.read_text("utf-8")) == ENDS_TRANSACTIONS.get(str(path.relative_to(PACKAGE)), set())


def test_a_planted_commit_is_seen() -> None:
    assert endings("def save(session, now):\n    session.execute(ROW)\n    session.commit()") == {"commit"}
    assert endings("def save(session):\n    session.connection().rollback()") == {"rollback"}
    assert endings("with database.write() as session:\n    save(session)") == set()
