"""The result page shows exactly what the review policy has released, and says when the rest will be."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from studyhub.db.database import Database
from studyhub.exams.taking import forms, views
from tests.conftest import SettableClock
from tests.factories import exams, organization

Headers = Callable[[str], dict[str, str]]
KEY = "只在正确答案里出现的字"
EXPLANATION = "只在解析里出现的字"
FEEDBACK = "只在反馈里出现的字"
QUESTION = {
    "id": "secret",
    "type": "blank",
    "prompt": "填 [[1]]",
    "answer": [[KEY]],
    "explanation": EXPLANATION,
}
CHOICE = exams.single("choice") | {
    "options": {"A": "甲", "B": {"text": "乙", "feedback": FEEDBACK}},
    "explanation": EXPLANATION,
}
RELEASES = ("submitted", "closed", "never")
# Every value of each part beside every value of each other part (a Latin square).
POLICIES = [(RELEASES[a], RELEASES[b], RELEASES[(a + b) % 3]) for a, b in product(range(3), repeat=2)]
CLOSES = "2026-11-02 12:00"  # two hours after the tests' clock, in the organisation's zone


@pytest.fixture
def sit(database: Database, now: datetime, client: FlaskClient, bearer: Headers) -> Callable[..., Any]:
    """`sit(score=…, answers=…, explanations=…)`: m1 has handed in; gives a function that reads the result."""

    def sit_under(attempts: int = 1, **review: str) -> Callable[[], str]:
        with database.write() as session:
            root = organization.branch(session, "root", now)
            organization.member(session, "m1", organization.branch(session, "home", now, parent=root), now)
            exams.bank(session, "bank", [QUESTION, CHOICE], now)
            sections = [{"title": "全部", "draw": 2, "from": ["bank"]}]
            rules = {"closes": CLOSES, "pass_": "50%", "attempts": attempts, "keep": "last"}
            exams.exam(session, now, sections=sections, review=review, **rules)
        headers = bearer("m1")
        paper = client.post("/exams/quiz/start", headers=headers).location
        seen = client.get(paper, headers=headers).get_data(as_text=True)
        assert [word for word in (KEY, EXPLANATION, FEEDBACK) if word in seen] == []
        client.post(f"/api/v1{paper}/submit", headers=headers)
        return lambda: client.get(f"{paper}/review", headers=headers).get_data(as_text=True)

    return sit_under


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("score", "answers", "explanations"), POLICIES)
def test_each_part_is_on_the_page_exactly_when_it_is_released(
    sit: Callable[..., Any], clock: SettableClock, score: str, answers: str, explanations: str
) -> None:
    result = sit(score=score, answers=answers, explanations=explanations)
    for over in (False, True):
        if over:
            clock.advance(hours=3)
        shown = {"submitted"} | ({"closed"} if over else set())
        page = result()
        assert ("0<span" in page) is (score in shown)
        assert ("不合格" in page) is (score in shown)
        assert (KEY in page) is (answers in shown)
        assert (EXPLANATION in page) is (explanations in shown)
        if answers not in shown and explanations not in shown:
            assert FEEDBACK not in page
            assert "填 " not in page


def test_what_is_not_released_yet_says_when_it_will_be(sit: Callable[..., Any]) -> None:
    page = re.sub("</?time[^>]*>", "", sit(score="closed", answers="closed", explanations="closed")())
    assert "成绩于 11月2日 12:00 起公布" in page
    assert "试题、正确答案和解析于 11月2日 12:00 起可以查看" in page


def test_what_is_never_released_says_so(sit: Callable[..., Any]) -> None:
    page = sit(score="never", answers="never", explanations="never")()
    assert "这场考试不公布成绩" in page
    assert "不提供试题回看" in page


def test_what_was_not_answered_is_not_called_wrong(sit: Callable[..., Any]) -> None:
    page = sit(score="submitted", answers="submitted", explanations="never")()
    assert page.count('class="tile unanswered"') == 2
    assert 'class="tile wrong"' not in page
    assert len(re.findall('class="tag[^"]*">未答</span>', page)) == 2, "at each question"
    assert re.search('<span class="swatch unanswered"[^>]*></span>未答', page)


@pytest.mark.parametrize(
    ("attempts", "said"), [(3, "合格线 50% · 还可考 2 次 · 取最后一次"), (1, "合格线 50% · 次数已用完")]
)
def test_who_failed_reads_the_pass_line_and_whether_there_is_another_attempt(
    sit: Callable[..., Any], clock: SettableClock, attempts: int, said: str
) -> None:
    result = sit(attempts, score="submitted", answers="never", explanations="never")
    page = result()
    assert said in page
    assert ("再考一次" in page) is (attempts > 1)
    clock.advance(hours=3)
    over = result()
    assert "合格线 50%" in over
    assert "再考一次" not in over
    assert "还可考" not in over


def test_nothing_of_failing_is_said_before_the_score_is(sit: Callable[..., Any]) -> None:
    page = sit(3, score="closed", answers="closed", explanations="closed")()
    assert "合格线" not in page
    assert "再考一次" not in page


def test_a_planted_key_on_the_paper_would_be_seen(
    sit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaking(asked: Any, rule: Any) -> dict[str, Any]:
        return {**honest(asked, rule), "rule": str(asked.revision.question.written)}

    honest = views.question_payload
    monkeypatch.setattr("studyhub.exams.attempts.payload.question_payload", leaking)
    with pytest.raises(AssertionError):
        sit(score="never", answers="never", explanations="never")


@pytest.mark.parametrize(
    ("language", "expected"),
    [("zh", ["A、C", "一；二", "1 – C；2 – A"]), ("en", ["A, C", "一; 二", "1 – C; 2 – A"])],
)
def test_an_answer_is_written_as_the_readers_language_writes_lists(
    app: Flask, language: str, expected: list[str]
) -> None:
    given = [("multiple", ["A", "C"]), ("blank", ["一", "二"]), ("match", {"1": "C", "2": "A"})]
    with app.test_request_context(headers={"Accept-Language": language}):
        assert [forms.answer_text({"type": kind}, answer) for kind, answer in given] == expected
