"""Pictures of a question as a member sees them: whole, no wider than the screen, and in the review too."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from studyhub.questions.commands import banks
from tests.browser.conftest import DESKTOP, PHONE, OpenContext, Site, axe_finds
from tests.browser.taking.conftest import Begin
from tests.factories import exams, organization

BANK = """bank: pictures
title: 看图
language: zh
questions:
  - id: sign
    type: single
    prompt: "图中的标志表示什么？![红底白条的圆形标志](media/wide.png)"
    options:
      A: "禁止驶入 ![一根短横线](media/tall.png)"
      B: 禁止停车
    answer: A
    explanation: "见图。![红底白条的圆形标志](media/wide.png)"
"""


@pytest.fixture
def exam(site: Site, now: datetime, tmp_path: Path) -> None:
    """The member m1, and the exam `quiz` of a question with a wide and a tall picture, from a bank."""
    (tmp_path / "bank" / "media").mkdir(parents=True)
    (tmp_path / "bank" / "pictures.yaml").write_text(BANK, "utf-8")
    for name, size in (("wide", (1600, 500)), ("tall", (300, 1400))):
        picture = Image.new("RGB", size, "#a61e1e")
        ImageDraw.Draw(picture).rectangle(
            (size[0] // 4, size[1] // 3, size[0] * 3 // 4, size[1] * 2 // 3), "white"
        )
        picture.save(tmp_path / "bank" / "media" / f"{name}.png")
    with site.database.write() as session:
        home = organization.branch(session, "home", now)
        organization.member(session, "m1", home, now)
    brought_in = CliRunner().invoke(banks, ["import", str(tmp_path / "bank")], obj=lambda: site.app)
    assert brought_in.exit_code == 0, brought_in.output
    with site.database.write() as session:
        exams.exam(
            session,
            now,
            title="看图答题",
            sections=[{"title": "看图", "draw": 1, "from": ["pictures"]}],
            shuffle={"questions": False, "options": False},
            review={"score": "submitted", "answers": "submitted", "explanations": "submitted"},
        )


def shown_whole(picture: Locator) -> None:
    """The picture has come, and lies between the edges of the screen."""
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    expect(picture).not_to_have_js_property("naturalWidth", 0)
    box, screen = picture.bounding_box(), picture.page.viewport_size
    assert box is not None
    assert screen is not None
    assert box["width"] > 20
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= screen["width"]
    assert box["height"] <= screen["height"]


def overflows(page: Page) -> bool:
    wider: bool = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return wider


@pytest.mark.parametrize("options", [{}, {"viewport": DESKTOP}], ids=["phone", "desk"])
@pytest.mark.parametrize("size", ["normal", "large"])
def test_a_question_shows_its_pictures_whole(begin: Begin, options: dict[str, Any], size: str) -> None:
    sitting = begin("m1", **options)
    sitting.prefer("zh", size)
    pictures = sitting.question.locator("img")
    expect(pictures).to_have_count(2)
    for picture in pictures.all():
        shown_whole(picture)
    expect(pictures.first).to_have_attribute("alt", "红底白条的圆形标志")
    assert not overflows(sitting.page)
    assert axe_finds(sitting.page) == []


def test_touching_the_picture_of_an_option_chooses_it_and_the_review_shows_the_pictures(begin: Begin) -> None:
    sitting = begin("m1")
    sitting.option("A").locator("img").tap()
    sitting.wait_until_saved()
    assert sitting.stored() == {"1": "A"}
    sitting.page.request.post(
        f"/api/v1{sitting.path}/submit",
        headers={
            "X-CSRFToken": sitting.page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
        },
    )
    sitting.page.goto(f"{sitting.path}/review")
    expect(sitting.page.locator("main img")).to_have_count(3)
    for picture in sitting.page.locator("main img").all():
        shown_whole(picture)
    assert not overflows(sitting.page)
    assert axe_finds(sitting.page) == []


def test_without_javascript_the_pictures_are_there_too(
    exam: None, open_context: OpenContext, site: Site
) -> None:
    page = open_context("m1", java_script_enabled=False).new_page()
    page.goto(f"{site.url}/exams/quiz")
    page.locator('form[action$="/start"] button').click()
    expect(page.locator("main img")).to_have_count(2)
    for picture in page.locator("main img").all():
        expect(picture).to_be_visible()
        box = picture.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE["width"]
