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
BELOW_THE_EDGE = {"operations", "queries", "models"}


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


@pytest.mark.parametrize("path", _modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) <= 400
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert (node.end_lineno or 0) - node.lineno < 40, f"{node.name} is too long"
    assert path.stem not in {"utils", "helpers", "common", "misc"}


def test_operations_never_commit() -> None:
    for path in _modules():
        if path.stem in BELOW_THE_EDGE:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                assert not (isinstance(node, ast.Attribute) and node.attr == "commit"), path
