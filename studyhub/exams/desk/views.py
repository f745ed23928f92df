"""The pages of the exams that somebody sets: the list, one exam, and a preview of its paper."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from studyhub.exams import checking, operations, papers, queries
from studyhub.exams.blueprint import Blueprint
from studyhub.exams.desk import always_drawn
from studyhub.exams.desk.wording import WORDS
from studyhub.exams.extent import of_rows, of_stored
from studyhub.exams.file.writing import as_stored
from studyhub.exams.operations import ExtraTime
from studyhub.exams.timing import Stage
from studyhub.exams.wording import REFUSALS, printed_rule
from studyhub.kernel.errors import Conflict, Unprocessable
from studyhub.kernel.permissions import Permission as P
from studyhub.organization.actor import Actor
from studyhub.web.clock import now
from studyhub.web.errors import sentence
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.identity import current_actor
from studyhub.web.paging import page_request
from studyhub.web.transaction import current_session

room = Room("exam_desk", "studyhub.exams", url_prefix="/admin/exams", refusals=REFUSALS)


@room.page("", permission=P.MANAGE_EXAMS)
def index() -> ResponseReturnValue:
    """Every exam that the actor sets, or those at one stage."""
    asked = page_request(queries.SORTS, sort="changed", descending=True)
    said = request.args.get("stage")
    stage = Stage(said) if said in set(Stage) else None
    listed = queries.desk_exams(current_session(), current_actor(), asked, stage, now())
    return render_template("exam_desk/index.html", listed=listed, page=listed.page, stage=stage, **WORDS)


@room.page("/<slug>", permission=P.MANAGE_EXAMS)
def show(slug: str) -> ResponseReturnValue:
    """One exam: its definition, whether it can be drawn, and what can be done with it."""
    session, actor = current_session(), current_actor()
    exam = queries.exam_to_manage(session, actor, slug)
    plan = queries.blueprint_of(session, exam)
    return render_template(
        "exam_desk/show.html",
        exam=exam,
        stage=queries.stage_of(exam, now()),
        faults=checking.check(session, actor, as_stored(plan)).faults,
        extents=[of_stored(row) for row in exam.extents],
        whole=of_rows(exam.extents),
        attempts=queries.attempt_count(session, exam),
        extensions=queries.extensions(session, exam),
        **_in_words(session, actor, plan),
        **WORDS,
    )


def _in_words(session: Session, actor: Actor, plan: Blueprint) -> dict[str, Any]:
    """A definition, and what the branches, the banks and the questions that it names are called."""
    must = [str(ref) for each in plan.sections for ref in each.must]
    return {
        "plan": plan,
        "branches": list(queries.branch_names(session, plan.branches).values()),
        "titles": dict(queries.banks(session, actor)),
        "begin": always_drawn.named(session, actor, must),
    }


@room.post("/<slug>/extra-time", permission=P.MANAGE_EXAMS, writes=True)
def extend(slug: str) -> ResponseReturnValue:
    """Give one member extra time."""
    minutes = request.form.get("minutes", "")
    given = int(minutes) if minutes.isascii() and minutes.isdigit() and len(minutes) < 4 else -1
    extra = ExtraTime(request.form.get("member_no", "").strip(), given)
    try:
        operations.extend(current_session(), current_actor(), slug, extra, now=now())
    except (Unprocessable, Conflict) as refused:
        flash(sentence(refused.code, refused.params), "error")
    else:
        flash(_("Noted. It holds for attempts that start from now on."), "success")
    return redirect(url_for("exam_desk.show", slug=slug))


@room.page("/<slug>/preview", permission=P.MANAGE_EXAMS)
def preview(slug: str) -> ResponseReturnValue:
    """A paper as some member would get it, with the key."""
    session, actor = current_session(), current_actor()
    exam = queries.exam_to_manage(session, actor, slug)
    plan, seed = queries.blueprint_of(session, exam), _seed()
    return render_template(
        "exam_desk/preview.html",
        exam=exam,
        plan=plan,
        seed=seed,
        paper=papers.preview(session, plan, seed),
        printed_rule=printed_rule,
        next_seed=secrets.randbelow(1_000_000),
        **WORDS,
    )


def _seed() -> int:
    given = request.args.get("seed", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 1
