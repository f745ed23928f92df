"""Questions of a bank are found by words, tag, difficulty and health, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import text

from studyhub.db.database import Database
from studyhub.kernel.page import PageRequest
from studyhub.organization.actor import SYSTEM
from studyhub.questions import finding, listing
from studyhub.questions.finding import Facets, QuestionFilter
from tests.factories.questions import file_text, import_bank, singles

MIXED = """
  - {id: password, type: single, prompt: 设置口令时应当注意什么？, answer: A, tags: [安全, "a,b"],
     options: {A: 使用**密**码管理器, B: 写在纸上}, explanation: 见规定。}
  - {id: usb-stick, type: truefalse, prompt: USB 设备可以随意接入内网。, answer: false, difficulty: easy,
     review_by: 2020-01-01, explanation: 不可以。}
  - {id: steps, type: order, prompt: 按顺序排列。, items: [发现, 报告, 处置], tags: [安全], difficulty: hard}
"""

Find = Callable[..., list[str]]


@pytest.fixture
def find(database: Database, now: datetime) -> Find:
    import_bank(database, file_text("cyber", MIXED), now)
    import_bank(database, file_text("other", singles(["password"])), now)

    def found(**wanted: str) -> list[str]:
        with database.read() as session:
            bank = listing.bank(session, SYSTEM, "cyber")
            asked = PageRequest(sort="place")
            page = finding.questions(session, bank, asked, QuestionFilter(now.date(), **wanted))
            assert page.total == len(page.items)
            return [revision.question.id for revision in page.items]

    return found


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("口令", ["password"]),
        ("密码", ["password"]),
        ("密码管理器", ["password"]),
        ("管理码", []),
        ("纸", ["password"]),
        ("报告", ["steps"]),
        ("us", ["usb-stick"]),
        ("内网 usb", ["usb-stick"]),
        ("内网 口令", []),
        ("usb-stick", ["usb-stick"]),
        ("规定", []),
        ("' OR 1=1 -- \" * ) NEAR", []),
        ("!&|:*", []),
    ],
)
def test_words_are_found_where_papers_show_them(find: Find, search: str, expected: list[str]) -> None:
    assert find(search=search) == expected


def test_filters_narrow_the_list(find: Find) -> None:
    assert find() == ["password", "usb-stick", "steps"]
    assert find(tag="安全") == ["password", "steps"]
    assert find(tag="a,b") == ["password"]
    assert find(tag="b") == []
    assert find(band="easy") == ["usb-stick"]
    assert find(type="order", tag="安全") == ["steps"]


def test_what_somebody_should_look_at_is_found(find: Find) -> None:
    assert find(health="review_due") == ["usb-stick"]
    assert find(health="unexplained") == ["steps"]
    assert find(health="any") == ["usb-stick", "steps"]


def test_a_day_to_look_again_has_passed_only_when_it_is_over(
    find: Find, database: Database, now: datetime
) -> None:
    today = MIXED.replace("2020-01-01", now.date().isoformat())
    import_bank(database, file_text("cyber", today), now)
    assert find(health="review_due") == []


def test_facets_follow_the_bank(find: Find, database: Database, now: datetime) -> None:
    def facets() -> Facets:
        with database.read() as session:
            return finding.facets(session, listing.bank(session, SYSTEM, "cyber"))

    types = {"single": 1, "truefalse": 1, "order": 1}
    worths = {(kind, 100): 1 for kind in types}
    assert facets() == Facets(types, {"a,b": 1, "安全": 2}, 0, worths)
    import_bank(database, file_text("cyber", MIXED.replace("tags: [安全],", "retired: true,")), now)
    assert facets() == Facets(types, {"a,b": 1, "安全": 1}, 1, worths)


def test_a_question_that_changed_is_found_by_its_new_words_only(
    find: Find, database: Database, now: datetime
) -> None:
    import_bank(database, file_text("cyber", MIXED.replace("口令", "密钥")), now)
    assert find(search="口令") == []
    assert find(search="密钥") == ["password"]


def test_a_revision_that_an_import_took_back_leaves_nothing_in_the_index(
    find: Find, database: Database
) -> None:
    """SQLite's index is fed by triggers: what is deleted must leave it, or a new row inherits its words."""
    with database.write() as session:
        session.execute(text("DELETE FROM question_revision WHERE prompt LIKE '设置口令%'"))
    assert find(search="口令") == []
    if database.is_sqlite:
        with database.write() as session:
            session.execute(text("INSERT INTO question_search(question_search) VALUES ('integrity-check')"))
