"""The pages of courses: the member's list, a course, a lesson; and who has completed one."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from studyhub.courses import api, completion, operations, queries
from studyhub.courses.api import media_url
from studyhub.courses.completion import Audience
from studyhub.courses.desk import views as desk_views
from studyhub.courses.jobs import CHECK_UPLOAD
from studyhub.courses.opening import Opening
from studyhub.courses.operations import Read
from studyhub.courses.progress import THOUSAND
from studyhub.courses.queries import CourseView, LessonLine
from studyhub.courses.wording import REFUSALS
from studyhub.kernel.errors import NotFound
from studyhub.kernel.permissions import Permission as P
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act, record
from studyhub.organization.branches import queries as branches
from studyhub.tasks.views import TaskPage, Way
from studyhub.web.clock import now
from studyhub.web.filters import duration
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.identity import current_actor
from studyhub.web.layout import Entry
from studyhub.web.paging import page_request
from studyhub.web.services import settings
from studyhub.web.transaction import current_session

room = Room("courses", "studyhub.courses", refusals=REFUSALS)

ROOMS = (room, api.room, desk_views.room)
NAVIGATION = (
    Entry(_l("Learn"), "courses.listing", P.STUDY, "course", 20, "/courses", tab=True),
    Entry(_l("Courses"), "course_desk.listing", P.MANAGE_COURSES, "screen", 60, "/admin/courses"),
)
TASK_PAGES = {
    CHECK_UPLOAD: TaskPage(
        _l("Check of a course"),
        origin=lambda _payload: Way(_l("Courses"), url_for("course_desk.listing")),
        onward=lambda result: Way(
            _l("See the mistakes") if result["faults"] else _l("See what it would do"),
            url_for("course_desk.plan", task_id=result["task"]),
        ),
        goes_on=True,
    ),
}


@room.page("/courses", permission=P.STUDY)
def listing() -> ResponseReturnValue:
    """The member's courses, the unfinished first."""
    found = queries.search(current_session(), current_actor(), page_request())
    return render_template("courses/listing.html", page=found)


@room.page("/courses/<slug>", permission=P.STUDY)
def show(slug: str) -> ResponseReturnValue:
    """A course: its chapters and lessons, and how far the member has come."""
    actor = current_actor()
    course = queries.course(current_session(), actor, slug)
    return render_template("courses/show.html", course=course, may_view=actor.may(P.VIEW_MEMBERS))


@room.page("/courses/<slug>/<lesson>", permission=P.STUDY)
def lesson(slug: str, lesson: str) -> ResponseReturnValue:
    """A lesson: the video with captions and transcript, or the text."""
    session, actor = current_session(), current_actor()
    course = queries.course(session, actor, slug)
    here = _lesson(course, lesson)
    return render_template(
        "courses/video.html" if here.is_video else "courses/reading.html",
        course=course,
        lesson=here,
        text=queries.lesson_text(session, here.id),
        following=_following(course, here),
        media_url=media_url,
        opened=_opening(actor, here).signed(now()),
    )


@room.page("/courses/<slug>/<lesson>/finished", permission=P.STUDY, methods=("POST",), writes=True)
def finished(slug: str, lesson: str) -> ResponseReturnValue:
    """The button of a text whose reader has no JavaScript. Time is credited by the same rule."""
    session, actor = current_session(), current_actor()
    here = _lesson(queries.course(session, actor, slug), lesson)
    at = now()
    opened = _opening(actor, here).read(request.form.get("opened", ""), at)
    milliseconds = here.progress.covered_ms + (at - opened) // timedelta(milliseconds=1)
    report = Read(milliseconds, THOUSAND, here.progress.seq + 1, opened)
    heard = operations.read(session, actor, here.id, report, at)
    if heard.progress.is_completed:
        flash(_("You have completed this lesson."), "success")
        return redirect(url_for("courses.show", slug=slug))
    left = duration((here.measure.needed_ms - heard.progress.covered_ms) / 1000)
    flash(_("That was quick. Read on for about %(time)s, and press the button again.", time=left), "warning")
    return redirect(url_for("courses.lesson", slug=slug, lesson=lesson))


@room.page("/admin/courses/<slug>/learners", permission=P.VIEW_MEMBERS, writes=True)
def learners(slug: str) -> ResponseReturnValue:
    """Of those that the actor may look at, or of one branch: who has completed a course, and who has not."""
    session, actor = current_session(), current_actor()
    course = completion.followed(session, actor, slug)
    not_yet = request.args.get("show") == "not_yet"
    asked = page_request(completion.LEARNER_SORTS)
    code = request.args.get("branch")
    branch = branches.branch(session, actor, P.VIEW_MEMBERS, code) if code else None
    scope = (branch.path,) if branch else actor.scope(P.VIEW_MEMBERS)
    audience = Audience(course.id, course.level, scope)
    found = completion.learners(session, audience, asked, not_yet=not_yet)
    record(session, actor, Act.MEMBERS_LISTED, f"course:{slug}", {"page": asked.page}, now=now())
    count = completion.count(session, audience)
    return render_template(
        "courses/learners.html", course=course, page=found, not_yet=not_yet, count=count, branch=branch
    )


def _lesson(course: CourseView, slug: str) -> LessonLine:
    for lesson in course.lessons:
        if lesson.slug == slug:
            return lesson
    raise NotFound


def _opening(actor: Actor, here: LessonLine) -> Opening:
    return Opening(settings().secret_key, actor.member_no, here.id)


def _following(course: CourseView, here: LessonLine) -> LessonLine | None:
    return next((one for one in course.lessons if one.position > here.position), None)
