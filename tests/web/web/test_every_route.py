"""Rules that hold for every route of the whole application, whoever's it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from studyhub.app import create_app
from studyhub.config import Settings
from studyhub.exams.file import grammar
from studyhub.kernel.permissions import Permission
from studyhub.organization.identifiers import RESERVED_BRANCH_CODES
from studyhub.questions import bank_keys
from studyhub.questions.fields import SLUG
from studyhub.web.guard import policy_of

FOLDER = Path("never-written-to")
SETTINGS = Settings(data_dir=FOLDER, database_url="sqlite://", secret_key="x" * 40)


@pytest.fixture(scope="module")
def app() -> Flask:
    """The application; a stranger is turned away before any database is asked."""
    return create_app(SETTINGS)


def guarded_calls(app: Flask) -> Iterator[tuple[str, str, Rule]]:
    for rule in app.url_map.iter_rules():
        policy = policy_of(app, rule.endpoint)
        assert policy is not None
        if policy.permission is not Permission.PUBLIC:
            arguments = dict.fromkeys(rule.arguments, 1)
            with app.test_request_context():
                address = rule.build(arguments, append_unknown=False)
            assert address is not None, rule
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, address[1], rule


def test_a_stranger_is_turned_away_from_every_guarded_route(app: Flask) -> None:
    client = app.test_client()
    let_in = []
    for method, address, rule in guarded_calls(app):
        answer = client.open(address, method=method)
        turned_away = answer.status_code == 401 or (
            answer.status_code == 302 and "sign-in" in (answer.location or "")
        )
        if not turned_away:
            let_in.append((method, rule.rule, answer.status_code))
    assert let_in == []


def test_every_call_of_the_api_is_in_its_document(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    described = {(method, path) for path, operations in document["paths"].items() for method in operations}
    undescribed = []
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/") or rule.endpoint == "api.openapi":
            continue
        path = "".join(
            f"{{{part.strip('<>').split(':')[-1]}}}" if part.endswith(">") else part for part in split(rule)
        )
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            if (method.lower(), path) not in described:
                undescribed.append((method, rule.rule))
    assert undescribed == []


def test_no_record_can_have_a_name_whose_page_is_another(app: Flask) -> None:
    """`/admin/exams/new` is a form, so an exam called `new` could never be opened."""
    taken: dict[str, set[str]] = {"banks": set(), "exams": set(), "courses": set(), "members": set()}
    rules = [rule.rule for rule in app.url_map.iter_rules()]
    words = {part for rule in rules for part in rule.split("/") if part and "<" not in part}
    for rule in app.url_map.iter_rules():
        named = re.search(r"/(\w+)/<(?:slug|code|member_no)>", rule.rule)
        for word in words if named else ():
            if leads_elsewhere(app, rule, word):
                taken.setdefault(named[1], set()).add(word)  # type: ignore[index]
    taken["banks"] = set(filter(SLUG.fullmatch, taken["banks"]))
    assert taken == {
        "banks": bank_keys.RESERVED,
        "branches": RESERVED_BRANCH_CODES - {".", ".."},
        "courses": set(),
        "exams": grammar.RESERVED,
        "members": set(),
    }


def leads_elsewhere(app: Flask, rule: Rule, word: str) -> bool:
    address = re.sub(r"<(?:slug|code|member_no)>", word, rule.rule)
    address = re.sub(r"<[^>]*>", "1", address)
    method = min((rule.methods or set()) - {"HEAD", "OPTIONS"})
    try:
        return app.url_map.bind("localhost").match(address, method)[0] != rule.endpoint
    except HTTPException:
        return True


def split(rule: Rule) -> list[str]:
    """The parts of a rule: `/a/<int:b>/c` is `/a/`, `<int:b>`, `/c`."""
    return rule.rule.replace("<", "\0<").replace(">", ">\0").split("\0")


def test_every_call_declares_its_problems_as_problem_json(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                if status >= "400":
                    assert list(answer["content"]) == ["application/problem+json"], (path, method, status)


def test_a_refusal_has_the_same_parameters_whoever_words_it(app: Flask) -> None:
    """One code has one sentence, the last room's: with other parameters it could not be said."""
    takes: dict[str, set[str]] = {}
    with app.test_request_context():
        for room in app.blueprints.values():
            for code, text in getattr(room, "refusals", {}).items():
                names = set(re.findall(r"%\((\w+)\)", str(text)))
                assert takes.setdefault(code, names) == names, code
