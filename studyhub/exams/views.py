"""What a member sees of exams before and after sitting them, and the room's lists for `app.py`."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from studyhub.exams.access import Access
from studyhub.exams.attempts import api
from studyhub.exams.attempts import views as attempts_views
from studyhub.exams.attempts.available import visible_exams
from studyhub.exams.attempts.overview import overview
from studyhub.exams.desk import views as desk
from studyhub.exams.desk.editing import views as editing
from studyhub.exams.desk.importing import views as importing
from studyhub.exams.desk.publishing import views as publishing
from studyhub.exams.file.schema import SCHEMA
from studyhub.exams.wording import ACCESS, ATTEMPT_STATES, KEEPS, REFUSALS, RELEASES, section_title
from studyhub.kernel.page import Page
from studyhub.kernel.permissions import Permission as P
from studyhub.web.clock import now
from studyhub.web.guard import Room
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.identity import current_actor
from studyhub.web.layout import Entry
from studyhub.web.paging import page_request
from studyhub.web.schemas import schema_answer
from studyhub.web.transaction import current_session

room = Room("exams", "studyhub.exams", refusals=REFUSALS)

WORDS: dict[str, Any] = {
    "ACCESS": ACCESS,
    "ATTEMPT_STATES": ATTEMPT_STATES,
    "KEEPS": KEEPS,
    "RELEASES": RELEASES,
    "REFUSALS": REFUSALS,
}

UNSEARCHED = 8
"""So many exams are looked through without a search."""

room.add_app_template_filter(section_title)

ROOMS: tuple[Room, ...] = (
    api.room,
    room,
    desk.room,
    editing.room,
    importing.room,
    publishing.room,
    attempts_views.room,
)

NAVIGATION: tuple[Entry, ...] = (
    Entry(_l("Exams"), "exams.index", P.TAKE_EXAMS, "exam", 30, "/exams", tab=True, also=("/attempts",)),
    Entry(_l("Set exams"), "exam_desk.index", P.MANAGE_EXAMS, "blueprint", 55, "/admin/exams"),
)


@room.get("/schemas/exam.json", permission=P.PUBLIC, transaction=None)
def schema() -> ResponseReturnValue:
    """The JSON Schema of the exam file, for editors: they do not sign in, and it tells nothing of ours."""
    return schema_answer(SCHEMA)


@room.page("/exams", permission=P.TAKE_EXAMS)
def index() -> ResponseReturnValue:
    """The exams that are for this member, what can be done now first."""
    asked = page_request()
    every = visible_exams(current_session(), current_actor(), now=now())
    exams = [exam for exam in every if asked.search.casefold() in exam.title.casefold()]
    over = [exam for exam in exams if exam.state is Access.CLOSED]
    running = [exam for exam in exams if exam.state in (Access.OPEN, Access.IN_PROGRESS)]
    return render_template(
        "exams/index.html",
        running=running,
        upcoming=[exam for exam in exams if exam.state is Access.UPCOMING],
        over=Page(over[asked.offset : asked.offset + asked.size], len(over), asked),
        is_searched=len(every) > UNSEARCHED,
        **WORDS,
    )


@room.page("/exams/<slug>", permission=P.TAKE_EXAMS)
def show(slug: str) -> ResponseReturnValue:
    """One exam: what it asks, its rules, the way in, and the member's attempts so far."""
    seen = overview(current_session(), current_actor(), slug, now=now())
    return render_template("exams/show.html", seen=seen, exam=seen.exam, plan=seen.plan, **WORDS)
