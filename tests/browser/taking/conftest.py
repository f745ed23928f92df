"""An exam of one question of each type, and what a member does with it in a browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenContext, Site
from tests.factories import exams, organization

EMAILS = {
    "id": "emails",
    "type": "multiple",
    "prompt": "收到一封要求“立即核对账户”的邮件，下列哪些做法是正确的？",
    "options": {
        "A": "通过官网或电话另行核实",
        "B": "点开链接看看是不是真的",
        "C": "向单位网络安全员报告",
        "D": "转发给同事，请大家一起判断",
    },
    "answer": ["A", "C"],
    "explanation": "来路不明的邮件，先核实，再报告。",
}
_NAME = """(() => {
  const here = document.activeElement;
  return here.getAttribute("aria-label") || here.textContent.trim();
})()"""
"""How the control is called that has the focus."""
QUESTIONS = [exams.single("s"), EMAILS, exams.truefalse("t"), exams.blank("b"), exams.number("n")]


@pytest.fixture
def questions() -> list[dict[str, Any]]:
    """What the exam `quiz` asks, in this order: one question of each of some types."""
    return QUESTIONS


@pytest.fixture
def exam(site: Site, now: datetime, questions: list[dict[str, Any]]) -> None:
    """The members m1 and m2, and the exam `quiz`."""
    with site.database.write() as session:
        root = organization.branch(session, "root", now)
        home = organization.branch(session, "home", now, parent=root)
        for member_no in ("m1", "m2"):
            organization.member(session, member_no, home, now)
        exams.bank(session, "bank", questions, now)
        exams.exam(
            session,
            now,
            title="四季度网络安全测试",
            sections=[
                {"title": each["type"], "draw": 1, "from": ["bank"], "where": {"type": each["type"]}}
                for each in questions
            ],
            shuffle={"questions": False, "options": False},
            pass_="60%",
            attempts="unlimited",
            review={"score": "submitted", "answers": "submitted", "explanations": "submitted"},
        )


@dataclass
class Sitting:
    """A member before the taking page."""

    page: Page
    site: Site

    @property
    def path(self) -> str:
        """The attempt's path, such as `/attempts/1`."""
        return self.page.url.split("#")[0].removeprefix(self.site.url)

    @property
    def question(self) -> Locator:
        """The question on the screen."""
        return self.page.locator(".question.current")

    @property
    def next(self) -> Locator:
        return self.page.locator('[data-part="next"]')

    def go_on(self) -> None:
        """Tap 下一题, and wait until another screen is there: a tap becomes a click only a moment later."""
        here = self.question.get_attribute("data-position")
        self.next.tap()
        expect(self.page.locator(f'.question.current[data-position="{here}"]')).to_be_hidden()

    def option(self, key: str) -> Locator:
        """The option with that letter, of the question on the screen."""
        return self.question.locator(f'.option:has([data-key="{key}"])')

    def choose(self, key: str) -> None:
        """Tap the option with that letter, and wait until it is chosen: only then it is on its way."""
        self.option(key).tap()
        expect(self.option(key).locator("input")).to_be_checked()

    def save_line(self, state: str) -> Locator:
        """The line that says what becomes of the answers, when it says `state`."""
        return self.page.locator(f'[data-save="{state}"]')

    def wait_until_saved(self) -> None:
        self.save_line("saved").wait_for(state="visible")

    def tab_to(self, name: str, within: int = 40) -> None:
        """Tab on to the control with this name."""
        for _ in range(within):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(_NAME) == name:
                return
        pytest.fail(f"{name} is not within reach of {within} tabs")

    def press_on(self, name: str, within: int = 40) -> None:
        """Tab on to the button with this name, and press it."""
        self.tab_to(name, within)
        self.page.keyboard.press("Enter")

    def prefer(self, language: str, size: str) -> None:
        """Choose the language and the size of type, and look at the page anew."""
        for name, choice in (("language", language), ("size", size)):
            token = self.page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
            form = {name: choice, "csrf_token": token, "next": self.path}
            self.page.request.post(f"/{name}", form=form)
        self.page.reload()
        self.page.wait_for_selector("html[data-ready]")

    def stored(self) -> dict[str, Any]:
        """What the server holds, by position."""
        found = self.page.request.get(f"/api/v1{self.path}").json()
        return {position: each["answer"] for position, each in found["answers"].items()}


Begin = Callable[..., Sitting]


def press_start(page: Page, site: Site) -> None:
    """Start, or go on: what the button on the exam's page does."""
    page.goto(f"{site.url}/exams/quiz")
    page.locator('form[action$="/start"] button').click()
    page.wait_for_url("**/attempts/**")
    page.wait_for_selector("html[data-ready]")


@pytest.fixture
def begin(site: Site, open_context: OpenContext, exam: None) -> Begin:
    """`begin("m1")`: m1 has started the exam, on a phone; other options go to the browser's context."""

    def start(member_no: str, **options: Any) -> Sitting:
        page = open_context(member_no, **options).new_page()
        press_start(page, site)
        return Sitting(page, site)

    return start
