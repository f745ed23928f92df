"""Sitting an exam on pages: start, the paper, its answer sheet, taking over, handing in, and the result."""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from studyhub.exams.attempts import (
    again,
    answering,
    closing,
    delivery,
    records,
    reviewing,
    starting,
    taking_over,
)
from studyhub.exams.attempts.closing import Submission
from studyhub.exams.attempts.delivery import ClosedAttempt, OpenAttempt
from studyhub.exams.attempts.payload import attempt_payload, question_payload, review_payload
from studyhub.exams.attempts.reviewing import NotReleased
from studyhub.exams.file.writing import percent_text
from studyhub.exams.journal import Outcome
from studyhub.exams.saving import Place, Save
from studyhub.exams.taking import forms, posted, progress
from studyhub.exams.taking.posted import Change
from studyhub.exams.taking.wording import LOST, open_sentence, script_words, type_name, why_lost
from studyhub.exams.wording import KEEPS, printed_rule
from studyhub.kernel.errors import Conflict, Unprocessable
from studyhub.kernel.permissions import Permission
from studyhub.web.clock import now
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.identity import current_actor
from studyhub.web.services import database, settings
from studyhub.web.transaction import current_session, read

room = Room("taking", "studyhub.exams")

MODULES = (
    "answers.js", "api.js", "clock.js", "hand_in.js", "keys.js", "material.js", "ordering.js",
    "saver.js", "screens.js", "sheet.js", "status.js", "stop.js", "store.js", "words.js",
)  # fmt: skip
"""What `main.js` imports: asked for at once, not one after the other."""

_HELD = "held_attempt"
_KEPT = (409, 422)
_TAKE = Permission.TAKE_EXAMS


room.add_app_template_filter(forms.plain_text)


@room.context_processor
def _for_templates() -> dict[str, Any]:
    return {
        "answer_text": forms.answer_text,
        "has_answer": lambda answers, position: progress.is_answered(
            answers.get(str(position), {}).get("answer")
        ),
        "mates": progress.mates,
        "percent_text": percent_text,
        "type_name": type_name,
        "verdict": progress.verdict,
        "with_given": forms.with_given,
        "with_inputs": forms.with_inputs,
    }


@room.post("/exams/<slug>/start", permission=_TAKE, writes=True, commit_on=_KEPT)
def start(slug: str) -> ResponseReturnValue:
    """Begin an attempt, or go on with the one that is open."""
    started = starting.start(current_session(), current_actor(), slug, seed=secrets.randbits(63), now=now())
    if started.opened:
        _hold(started.attempt_id, started.opened.epoch)
    return _to("paper", started.attempt_id)


@room.post("/attempts/<int:attempt_id>/takeover", permission=_TAKE, writes=True, commit_on=_KEPT)
def take_over(attempt_id: int) -> ResponseReturnValue:
    """Go on here; the page that was used before can save nothing more."""
    try:
        epoch = taking_over.take_over(current_session(), current_actor(), attempt_id, now=now())
    except Conflict:  # over in the meantime, and marked: there is a result to look at
        return _to("review", attempt_id)
    _hold(attempt_id, epoch)
    return _to("paper", attempt_id)


@room.page(
    "/attempts/<int:attempt_id>", permission=_TAKE, methods=("GET", "POST"), writes=True, commit_on=_KEPT
)
def paper(attempt_id: int) -> ResponseReturnValue:
    """The whole paper as one form. What is posted is saved; refused answers are shown, to be copied."""
    if request.method == "POST":
        return _save(attempt_id)
    at = now()
    attempt = delivery.attempt(current_session(), current_actor(), attempt_id, now=at)
    if isinstance(attempt, ClosedAttempt):
        return _to("review", attempt_id)
    held, fresh = _holds(attempt)
    values = _sheet_values(attempt)
    page = render_template(
        "taking/paper.html",
        **values,
        held=held,
        saved_at=progress.last_saved_at(attempt),
        seconds_left=max(0, math.ceil((attempt.deadline_at - at).total_seconds())),
        modules=MODULES,
        page_data=_page_data(values["attempt"], fresh),
    )
    return _unkept(page)


@room.page("/attempts/<int:attempt_id>/sheet", permission=_TAKE)
def sheet(attempt_id: int) -> ResponseReturnValue:
    """What is answered and what is not, and the button that hands in (where no script runs)."""
    attempt = delivery.attempt(current_session(), current_actor(), attempt_id, now=now())
    if isinstance(attempt, ClosedAttempt):
        return _to("review", attempt_id)
    if not _holds(attempt)[0]:
        return _to("paper", attempt_id)
    return _unkept(render_template("taking/sheet.html", **_sheet_values(attempt)))


@room.post("/attempts/<int:attempt_id>/submit", permission=_TAKE, writes=True, commit_on=_KEPT)
def hand_in(attempt_id: int) -> ResponseReturnValue:
    """Hand in what is stored, from the page that holds the attempt."""
    submission = Submission(posted.epoch_in(_form()), {})
    try:
        closing.submit(current_session(), current_actor(), attempt_id, submission, now=now())
    except Conflict as refused:
        return _not_saved(attempt_id, refused.code, [])
    return _to("review", attempt_id)


@room.page("/attempts/<int:attempt_id>/review", permission=_TAKE, transaction=None)
def review(attempt_id: int) -> ResponseReturnValue:
    """The result and the paper again, each part when the review policy releases it."""
    actor, at = current_actor(), now()
    if isinstance(reviewing.mark_if_over(database(), actor, attempt_id, now=at), OpenAttempt):
        return _to("paper", attempt_id)
    with read() as db:
        attempt = delivery.attempt(db, actor, attempt_id, now=at)
        try:
            reviewed = review_payload(reviewing.review(db, actor, attempt_id, now=at), printed_rule)
        except NotReleased:
            reviewed = None
        failed = isinstance(attempt, ClosedAttempt) and attempt.passed is False
        more = again.again(db, actor, attempt_id, now=at) if failed else None
    page = render_template("taking/review.html", attempt=attempt, review=reviewed, again=more, KEEPS=KEEPS)
    return _unkept(page)


def _save(attempt_id: int) -> ResponseReturnValue:
    db, actor = current_session(), current_actor()
    attempt = records.own(db, actor, attempt_id)
    asked = [question_payload(each, printed_rule) for each in delivery.questions(db, attempt_id)[0]]
    epoch = posted.epoch_in(_form())
    changes = posted.changes(asked, _form())
    lost = [(change, code) for change in changes if (code := _refusal(attempt_id, change, epoch))]
    if lost:
        codes = [code for _change, code in lost]
        worst = next((code for code in codes if code in ("taken_over", "attempt_closed")), codes[0])
        return _not_saved(attempt_id, worst, lost, {each["position"]: each for each in asked})
    if changes:
        flash(_("Saved."), "success")
    if request.form.get("then") == "sheet":
        return _to("sheet", attempt.id)
    # Whose answer was cleared goes on there, and not at the top of a long paper.
    return _to("paper", attempt.id, posted.cleared(asked, _form()))


def _form() -> posted.Form:
    return request.form.to_dict(flat=False)


def _refusal(attempt_id: int, change: Change, epoch: int) -> str | None:
    """The code of why the answer is not stored now; None when it is."""
    save = Save(change.answer, epoch, change.seq)
    try:
        saved = answering.save(
            current_session(), current_actor(), Place(attempt_id, change.position), save, now=now()
        )
    except (Conflict, Unprocessable) as refused:
        return refused.code
    return saved.outcome.value if saved.outcome is Outcome.SUPERSEDED else None


def _not_saved(
    attempt_id: int, code: str, lost: list[tuple[Change, str]], asked: dict[int, Any] | None = None
) -> ResponseReturnValue:
    """The page that shows what could not be saved. The refused saves stay in the journal."""
    page = render_template(
        "taking/unsaved.html",
        attempt_id=attempt_id,
        code=code,
        reason=str(LOST[code]),
        title=records.own(current_session(), current_actor(), attempt_id).title,
        lost=[_lost_line(change, why, asked or {}) for change, why in lost],
    )
    return _unkept(page, 409)


def _lost_line(change: Change, why: str, asked: Mapping[int, Any]) -> dict[str, Any]:
    return {
        "position": change.position,
        "text": forms.answer_text(asked[change.position], change.answer),
        "why": why_lost(why, change.answer),
    }


def _sheet_values(attempt: OpenAttempt) -> dict[str, Any]:
    missing = progress.open_positions(attempt)
    return {
        "attempt": attempt_payload(attempt, now(), printed_rule),
        "answered": len(attempt.questions) - len(missing),
        "deadline": attempt.deadline_at,
        "open_positions": missing,
        "open_count": open_sentence(len(missing)),
    }


def _page_data(attempt: dict[str, Any], fresh: bool) -> dict[str, Any]:
    """What the page's script starts from: a part of the attempt's payload, addresses, and sentences."""
    attempt_id = attempt["id"]
    api = f"/api/v1/attempts/{attempt_id}"
    return {
        "attempt": attempt_id,
        "fresh": fresh,
        **{key: attempt[key] for key in ("epoch", "server_now", "deadline_at", "answers")},
        "zone": str(settings().zone),
        "urls": {
            "answer": f"{api}/answers/{{position}}",
            "attempt": api,
            "paper": url_for(".paper", attempt_id=attempt_id),
            "review": url_for(".review", attempt_id=attempt_id),
            "submit": f"{api}/submit",
        },
        "words": script_words(),
    }


def _hold(attempt_id: int, epoch: int) -> None:
    """This browser began the attempt or took it over: the next page that it opens may write at once."""
    session[_HELD] = {"attempt": attempt_id, "epoch": epoch, "fresh": True}


def _holds(attempt: OpenAttempt) -> tuple[bool, bool]:
    """Whether this browser holds the attempt, and whether this is the first page since it does.

    A page with a script asks its own sessionStorage afterwards: a second tab of the browser holds nothing.
    """
    held = session.get(_HELD) or {}
    holds = (held.get("attempt"), held.get("epoch")) == (attempt.id, attempt.epoch)
    fresh = holds and bool(held.get("fresh"))
    if fresh:
        session[_HELD] = {**held, "fresh": False}
    return holds, fresh


def _to(endpoint: str, attempt_id: int, position: int | None = None) -> ResponseReturnValue:
    anchor = f"q{position}" if position else None
    return redirect(url_for(f".{endpoint}", attempt_id=attempt_id, _anchor=anchor), 303)


def _unkept(page: str, status: int = 200) -> Response:
    """A page that no browser keeps: going back must show what is stored now, and to nobody else."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
