"""Publishing, changing what is published, withdrawing: the page that asks, and what is said after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from studyhub.exams import audience, checking, operations, queries
from studyhub.exams.blueprint import Blueprint
from studyhub.exams.checking import CheckedExam
from studyhub.exams.desk.publishing.queries import Proposal, proposal
from studyhub.exams.desk.publishing.wording import Difference, Names, differences
from studyhub.exams.desk.wording import WORDS
from studyhub.exams.file.writing import as_stored, percent_text
from studyhub.exams.states import ExamState
from studyhub.exams.wording import REFUSALS
from studyhub.kernel.errors import Conflict, NotFound, Unprocessable
from studyhub.kernel.faults import any_error
from studyhub.kernel.permissions import Permission as P
from studyhub.web import transaction
from studyhub.web.clock import now
from studyhub.web.errors import sentence
from studyhub.web.filters import local_datetime
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import ngettext
from studyhub.web.identity import current_actor

room = Room("exam_publishing", "studyhub.exams", url_prefix="/admin/exams", refusals=REFUSALS)

Pairs = Sequence[tuple[str, str]]
OF_ITS_PAGE = {"csrf_token", "shown"}
"""What the form of the page that asks posts beside what was filled in."""


@room.page("/<slug>/publish", permission=P.MANAGE_EXAMS, transaction=None)
def publish(slug: str) -> ResponseReturnValue:
    """Say whom a draft reaches before it is published."""
    checked = _checked(slug)
    if any_error(checked.faults):
        flash(sentence("exam_has_faults", {}), "error")
        return _to_the_exam(slug)
    return _to_confirm_state(checked) or _to_the_exam(slug)


@room.post("/<slug>/state", permission=P.MANAGE_EXAMS, transaction=None)
def set_state(slug: str) -> ResponseReturnValue:
    """Publish a draft, or withdraw what is published, as it was shown."""
    wanted = request.form.get("state", "")
    if wanted not in list(ExamState):
        raise NotFound
    return _publish(slug) if wanted == ExamState.PUBLISHED else _withdraw(slug)


def _withdraw(slug: str) -> ResponseReturnValue:
    """Ask of what can be drawn no more as well."""
    with transaction.read() as session:
        as_draft = operations.withdrawn(session, queries.exam_to_manage(session, current_actor(), slug))
    asked = _to_confirm_state(as_draft)
    if asked is not None:
        return asked
    with transaction.write() as session:
        operations.withdraw(session, current_actor(), slug, now=now())
    flash(_("Withdrawn: nobody can start it."), "success")
    return _to_the_exam(slug)


def _publish(slug: str) -> ResponseReturnValue:
    """Prove again that it can be drawn. What stands in the way is on the page of the exam."""
    checked = _checked(slug)
    try:
        asked = _to_confirm_state(checked)
        if asked is not None:
            return asked
        with transaction.write() as session:
            operations.store(session, current_actor(), checked, now=now())
    except (Unprocessable, Conflict) as refused:
        flash(sentence(refused.code, refused.params), "error")
    else:
        flash(published(checked.plan), "success")
    return _to_the_exam(slug)


def _to_the_exam(slug: str) -> ResponseReturnValue:
    return redirect(url_for("exam_desk.show", slug=slug))


def _checked(slug: str) -> CheckedExam:
    """The exam as it is, to be published."""
    with transaction.read() as session:
        exam = queries.exam_to_manage(session, current_actor(), slug)
        plan = replace(queries.blueprint_of(session, exam), state=ExamState.PUBLISHED)
        return checking.check(session, current_actor(), as_stored(plan))


def _to_confirm_state(checked: CheckedExam) -> ResponseReturnValue | None:
    action = url_for("exam_publishing.set_state", slug=checked.plan.slug)
    return to_confirm(checked, action, [("state", checked.plan.state.value)])


def to_confirm(checked: CheckedExam, action: str, filled_in: Pairs) -> ResponseReturnValue | None:
    """The page that asks whether to store what people would notice; None once just that was shown.

    `filled_in` is what its form posts to `action` once more, with a digest of what the page shows: a post
    without it is asked about, whoever sends it. Raises Unprocessable where there is an error in the exam.
    """
    with transaction.read() as session:
        proposed = proposal(session, current_actor(), checked, now())
    shown = request.form.get("shown")
    if proposed is None or shown == proposed.digest:
        return None
    if shown:
        flash(sentence("exam_changed_since_shown", {}), "error")
    return _question(proposed, checked, action, filled_in), 409 if shown else 200


def _question(proposed: Proposal, checked: CheckedExam, action: str, filled_in: Pairs) -> str:
    return render_template(
        "exam_desk/publish.html",
        exam=proposed.exam,
        plan=proposed.plan,
        reach=proposed.reach,
        under_way=proposed.under_way,
        withdraws=proposed.plan.state is ExamState.DRAFT,
        is_out=proposed.published is not None,
        changes=_changes(proposed),
        pass_line=percent_text(proposed.plan.pass_share),
        warnings=checked.faults,
        action=action,
        filled_in=[*filled_in, ("shown", proposed.digest)],
        **WORDS,
    )


def _changes(proposed: Proposal) -> list[Difference]:
    """Before and after, where people have something already."""
    if proposed.published is None:
        return []
    with transaction.read() as session:
        banks = dict(queries.banks(session, current_actor()))
        branches = queries.branch_names(session, {*proposed.published.branches, *proposed.plan.branches})
    return differences(proposed.published, proposed.plan, Names(banks, branches))


def flash_stored(became: str, plan: Blueprint) -> None:
    """What there is to warn of stands on the exam's own page, which comes next."""
    is_published = plan.state is ExamState.PUBLISHED
    said = {
        "created": published(plan) if is_published else _("Saved as a draft: nobody can sit it yet."),
        "changed": _("The exam is changed. Attempts that have begun keep their paper."),
        "unchanged": _("Nothing was different, so nothing changed."),
    }
    flash(said[became], "success")
    if became == "changed" and is_published:
        flash(published(plan), "success")


def published(plan: Blueprint) -> str:
    """For how many people, and from when."""
    with transaction.read() as session:
        count = audience.people(session, plan.branches, plan.banks)
    opens_at = plan.window.opens_at
    if opens_at is None or opens_at <= now():
        return ngettext(
            "Published for %(num)s person, to be sat from now on.",
            "Published for %(num)s people, to be sat from now on.",
            count,
        )
    return ngettext(
        "Published for %(num)s person, to be sat from %(start)s.",
        "Published for %(num)s people, to be sat from %(start)s.",
        count,
        start=local_datetime(opens_at),
    )
