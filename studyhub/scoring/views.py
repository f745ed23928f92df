"""The pages of scores: a branch's dashboard and its export, a member's progress, and the charts' pictures."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from studyhub.kernel.errors import BadRequest
from studyhub.kernel.permissions import Permission
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act, record
from studyhub.organization.models import Branch
from studyhub.scoring import api, charts, dashboards, exporting, wording
from studyhub.scoring.branch_queries import CHILD_SORTS
from studyhub.scoring.dashboards import ExamOfBranch, Look
from studyhub.scoring.interval import wilson
from studyhub.scoring.rollup import BINS
from studyhub.scoring.standing import BASIS_POINTS
from studyhub.scoring.standing_queries import SORTS, Shown
from studyhub.web.clock import now
from studyhub.web.filters import local_time
from studyhub.web.guard import Room
from studyhub.web.headers import attachment
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.identity import current_actor
from studyhub.web.layout import Entry
from studyhub.web.paging import page_request
from studyhub.web.services import settings
from studyhub.web.transaction import current_session, read, write

SCORING = "studyhub.scoring"
MOST_IN_A_BIN = 10**8
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

room = Room("scoring", SCORING, refusals=wording.REFUSALS)

ROOMS = (room, api.room)

NAVIGATION = (Entry(_l("Home"), "scoring.me", Permission.SIGNED_IN, "home", 10, "/me", tab=True),)


@room.page("/me", permission=Permission.SIGNED_IN)
def me() -> ResponseReturnValue:
    """The member's first page: what to do next, and how it went."""
    actor, moment = current_actor(), now()
    page = dashboards.own_dashboard(current_session(), actor, moment)
    return render_template(
        "scoring/me.html",
        page=page,
        moment=moment,
        words=wording,
        greeting=wording.greeting(actor.name, local_time(moment)),
    )


@room.page("/branches/<code>", permission=Permission.VIEW_BRANCH, transaction=None)
def branch(code: str) -> ResponseReturnValue:
    """A branch's dashboard, one exam at a time."""
    actor, moment, look = current_actor(), now(), _look()
    with read() as session:
        page = dashboards.branch_page(session, actor, code, look, moment)
    # Names and marks of others were read: that is written down, in a transaction that only does this.
    with write() as session:
        record(session, actor, Act.BRANCH_VIEWED, f"branch:{code}", now=moment)
    return render_template(
        "scoring/branch.html",
        page=page,
        below=page_request(CHILD_SORTS, named="order"),
        own=look.own and page.children.own is not None,
        moment=moment,
        words=wording,
        interval=_interval(page.chosen),
        may_export=actor.covers(Permission.EXPORT_BRANCH, page.branch.path),
        visible=_visible(actor, page.line[:-1]),
    )


def _look() -> Look:
    """What is asked of the dashboard."""
    args = request.args
    asked = page_request(SORTS, sort="branch")
    return Look(args.get("exam"), _shown(args.get("show")), asked, args.get("of") == "own")


def _interval(chosen: ExamOfBranch | None) -> tuple[int, int] | None:
    """How far the share that passed is to be trusted."""
    if chosen is None:
        return None
    return wilson(chosen.figures.here.passed, chosen.figures.here.finished)


@room.page("/branches/<code>/results.xlsx", permission=Permission.EXPORT_BRANCH, transaction=None)
def branch_workbook(code: str) -> ResponseReturnValue:
    """The same as a workbook: the figures, the branches below, and every member's results."""
    actor, moment = current_actor(), now()
    with read() as session:
        report = exporting.branch_report(session, actor, code, moment)
    with write() as session:
        detail = {"members": len(report.members)}
        record(session, actor, Act.BRANCH_EXPORTED, f"branch:{code}", detail, now=moment)
    made = moment.astimezone(settings().zone)  # with its year: a workbook is kept
    answer = Response(
        exporting.workbook(report, wording.workbook_words(), f"{made:%Y-%m-%d %H:%M}"), content_type=XLSX
    )
    name = _("Results of %(branch)s %(day)s.xlsx", branch=report.branch.name, day=f"{made:%Y%m%d}")
    answer.headers["Content-Disposition"] = attachment(f"results-{code}-{made:%Y%m%d}.xlsx", name)
    return answer


@room.page("/members/<member_no>/progress", permission=Permission.VIEW_MEMBERS, transaction=None)
def member_progress(member_no: str) -> ResponseReturnValue:
    """What a leader sees of one member: results and courses, never papers or answers."""
    actor, moment = current_actor(), now()
    with read() as session:
        page = dashboards.member_dashboard(session, actor, member_no, moment)
    with write() as session:
        record(session, actor, Act.MEMBER_VIEWED, f"member:{member_no}", {"what": "progress"}, now=moment)
    return render_template(
        "scoring/member.html", page=page, moment=moment, words=wording, visible=_visible(actor, page.line)
    )


@room.page("/charts/histogram.svg", permission=Permission.SIGNED_IN, transaction=None)
def histogram() -> ResponseReturnValue:
    """The picture of a distribution whose figures stand in the address, so that it never goes stale."""
    try:
        bins = [int(count) for count in request.args["bins"].split(",")]
        pass_percent = int(request.args["pass"]) if request.args.get("pass") else None
        size = charts.Size(request.args.get("size", charts.Size.NARROW))
    except (KeyError, ValueError) as error:
        raise BadRequest from error
    if len(bins) != BINS or not all(0 <= count <= MOST_IN_A_BIN for count in bins):
        raise BadRequest
    if pass_percent is not None and not 0 <= pass_percent <= BASIS_POINTS:
        raise BadRequest
    word = (
        _("Pass line %(percent)s", percent=wording.line_text(pass_percent))
        if pass_percent is not None
        else ""
    )
    return _svg(charts.histogram(bins, pass_percent, word, size))


@room.page("/charts/comparison.svg", permission=Permission.SIGNED_IN, transaction=None)
def comparison() -> ResponseReturnValue:
    """One mean beside another; both stand in the address, in basis points."""
    try:
        here, whole = int(request.args["here"]), int(request.args["whole"])
    except (KeyError, ValueError) as error:
        raise BadRequest from error
    if not (0 <= here <= BASIS_POINTS and 0 <= whole <= BASIS_POINTS):
        raise BadRequest
    return _svg(charts.comparison(here, whole))


def _visible(actor: Actor, line: Sequence[Branch]) -> list[Branch]:
    """The branches of a line that the actor may open."""
    return [one for one in line if actor.covers(Permission.VIEW_BRANCH, one.path)]


def _svg(picture: bytes) -> Response:
    answer = Response(picture, content_type="image/svg+xml")
    # The address says all that is in the picture, so a browser need not ask again.
    answer.headers["Cache-Control"] = "private, max-age=86400"
    answer.headers["Vary"] = "Cookie, Accept-Language"
    return answer


def _shown(asked: str | None) -> Shown:
    return Shown(asked) if asked in set(Shown) else Shown.NOT_YET
