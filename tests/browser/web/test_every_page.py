"""Every page that a person reaches by links: no fault for axe, no sideways scrolling, no small text, no small
targets, one language.

The walk starts at the front door and opens one page of each kind (endpoint) that a link leads to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from werkzeug.exceptions import HTTPException

from studyhub.exams.attempts import closing, starting
from studyhub.organization.roles import Role
from tests.browser.conftest import DESKTOP, PHONE, Site, axe_finds
from tests.factories import courses as course_factory
from tests.factories import exams as exam_factory
from tests.factories import organization as make

OpenContext = Callable[..., BrowserContext]

# Names of formats and of languages are the same in Chinese; so are the columns of files, which are code.
FILE_WORDS = {
    "Markdown",
    "active",
    "course",
    "internal",
    "leader",
    "left",
    "probationary",
    "public",
    "restricted",
}
FILE_WORDS |= {"source", "unlimited", "yaml", "zip"}
SAME_IN_CHINESE = FILE_WORDS | {
    "English",
    "StudyHub",
    "Aiken",
    "Canvas",
    "Excel",
    "GIFT",
    "Moodle",
    "QTI",
    "Respondus",
    "Word",
    "XML",
    "CSV",
    "XLSX",
    "XLS",
    "PDF",
    "YAML",
    "JSON",
    "JavaScript",
    "xlsx",
    "xls",
}
FILES = re.compile(r"\.(xlsx|pdf|svg|csv|yaml|json|mp4|webm|vtt|png|jpg|zip)$")
WITHOUT_CODE = """() => {
  const copy = document.body.cloneNode(true);
  // What stands in <noscript> is markup as text where scripts run.
  copy.querySelectorAll("noscript").forEach((part) => { part.outerHTML = part.textContent; });
  copy.querySelectorAll("li, option").forEach((item) => item.append(" "));
  copy.querySelectorAll("code, pre, script, style, [lang], .prose").forEach((part) => part.remove());
  return copy.textContent;
}"""
SMALLEST = {"normal": 13, "large": 17}
"""Of text, in pixels, by the size of type."""
TARGET_PX = 44
"""How high what a finger has to hit is at least. A paper in large type has a test of its own."""
MEASURE = """([textPx, targetPx]) => {
  const seen = (one) => {
    const box = one.getBoundingClientRect();
    return box.width > 2 && box.height > 2 && getComputedStyle(one).visibility === "visible"
      && !one.closest(".visually-hidden, .skip");
  };
  const said = (one) =>
    `${one.tagName.toLowerCase()}.${one.className} ${(one.innerText || one.name || "").slice(0, 30)}`;
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const small = new Set();
  while (words.nextNode()) {
    const holder = words.currentNode.parentElement;
    const drawn = holder.closest("script, noscript, svg, math, sub, sup");
    if (words.currentNode.data.trim() && !drawn && seen(holder)
        && parseFloat(getComputedStyle(holder).fontSize) < textPx) small.add(said(holder));
  }
  // A link within a sentence is as high as its line: only a link that stands alone is a target.
  const alone = (link) =>
    link.matches(".btn") || link.parentElement.textContent.trim() === link.textContent.trim();
  const low = Array.from(document.querySelectorAll("a[href], button, summary, select, input, textarea"))
    .filter((one) => seen(one) && (one.tagName !== "A" || alone(one)))
    .filter((one) => {
      const held = [one, one.closest("label, .form-check") || one];
      return Math.max(...held.map((each) => each.getBoundingClientRect().height)) < targetPx - 0.5;
    });
  const root = document.scrollingElement;
  return [root.scrollWidth, innerWidth, Array.from(small), low.map(said)];
}"""


@pytest.fixture
def people(site: Site, tmp_path: Path) -> None:
    """A tree with somebody of each role; two exams, one sat, one drawn from a bank; a course."""
    now = site.clock.now
    course_factory.imported(site.database, site.data_dir, course_factory.course_folder(tmp_path / "8"), now)
    with site.database.write() as session:
        root = make.branch(session, "1", now, name="一")
        home = make.branch(session, "2", now, parent=root, name="二")
        admin = make.member(session, "1", root, now, name="甲")
        leader = make.member(session, "2", home, now, name="乙")
        member = make.member(session, "3", home, now, name="丙")
        make.grant(session, admin, Role.ADMIN, now)
        make.grant(session, leader, Role.LEADER, now, over=home)
        for no, role in (("8", Role.EDITOR), ("9", Role.AUDITOR)):
            make.grant(session, make.member(session, no, root, now, name="丁"), role, now)
        exam_factory.bank(session, "6", exam_factory.singles(6), now)
        sections = [{"title": "六", "draw": 5, "from": ["6"]}]
        exam_factory.exam(session, now, exam="7", title="七", sections=sections)
        exam_factory.exam(session, now, exam="4", title="五", pass_="60%", sections=sections)
        for who in (leader, member):
            actor = make.actor(who, home)
            begun = starting.start(session, actor, "4", seed=1, now=now)
            closing.submit(session, actor, begun.attempt_id, now=now)


def kind_of(app: Flask, path: str) -> str | None:
    """The endpoint that answers the path; None for a file or for what nobody answers."""
    if FILES.search(path):
        return None
    try:
        endpoint: str = app.url_map.bind("").match(path)[0]
    except HTTPException:
        return None
    return None if endpoint.endswith(".static") else endpoint


def walk(site: Site, page: Page) -> Iterator[str]:
    """Open one page of each kind that links lead to, from the front door on."""
    waiting, seen = ["/"], set[str]()
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(site.app, urlsplit(address).path)
        if kind is None or kind in seen:
            continue
        seen.add(kind)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, (address, answer.status)
        yield urlsplit(page.url).path
        links = page.eval_on_selector_all("a[href]", "all => all.map((one) => one.getAttribute('href'))")
        waiting += [link for link in links if link.startswith("/")]


def ill_fitting(page: Page, smallest: dict[str, int] = SMALLEST) -> list[str]:
    """In either type size: a page wider than the screen, text too small to read, targets too small to hit."""
    found = []
    for size, text_px in smallest.items():
        page.evaluate(f"document.documentElement.dataset.size = '{size}'")
        width, screen, text, targets = page.evaluate(MEASURE, [text_px, TARGET_PX])
        if width > screen:
            found.append(f"{width} px wide in {size} type")
        found += [f"in {size} type, smaller than {text_px} px: {each}" for each in text]
        found += [f"in {size} type, lower than {TARGET_PX} px: {each}" for each in targets]
    return found


def too_wide(page: Page) -> list[str]:
    """The same for a desk, where a mouse is more exact than a finger: only the width counts."""
    return [fault for fault in ill_fitting(page) if "px wide in" in fault]


def other_language(page: Page) -> list[str]:
    """Words in Latin letters on a Chinese page."""
    words = set(re.findall(r"[A-Za-z]{3,}", page.evaluate(WITHOUT_CODE)))
    return sorted(words - SAME_IN_CHINESE)


@pytest.mark.parametrize("member_no", ["1", "2", "3"], ids=["admin", "leader", "member"])
def test_every_page_on_a_phone_in_chinese(
    site: Site, people: None, open_context: OpenContext, member_no: str
) -> None:
    page = open_context(member_no, viewport=PHONE, locale="zh-CN").new_page()
    faults = []
    for path in walk(site, page):
        faults += [f"{path}: {each}" for each in axe_finds(page) + other_language(page) + ill_fitting(page)]
    assert faults == [], "\n".join(faults)


def test_every_page_on_a_desk_in_english(site: Site, people: None, open_context: OpenContext) -> None:
    page = open_context("1", viewport=DESKTOP, locale="en-GB").new_page()
    faults = []
    for path in walk(site, page):
        faults += [f"{path}: {each}" for each in axe_finds(page) + too_wide(page)]
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize(
    "member_no", ["1", "2", "3", "8", "9"], ids=["admin", "leader", "member", "editor", "auditor"]
)
def test_every_page_on_a_phone_in_english(
    site: Site, people: None, open_context: OpenContext, member_no: str
) -> None:
    page = open_context(member_no, viewport=PHONE, locale="en-GB").new_page()
    faults = []
    for path in walk(site, page):
        faults += [f"{path}: {each}" for each in axe_finds(page) + ill_fitting(page)]
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize("path", ["/sign-in", "/welcome", "/no-such-page"])
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_every_page_of_a_stranger(site: Site, open_context: OpenContext, path: str, locale: str) -> None:
    page = open_context(None, locale=locale).new_page()
    page.goto(path)
    assert axe_finds(page) + ill_fitting(page) == []
    if locale == "zh-CN":
        assert [word for word in other_language(page) if word not in page.url] == []
