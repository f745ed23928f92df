"""The pages of signing in: the door, the first visit, one's own account."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from studyhub.kernel.errors import Refused
from studyhub.kernel.permissions import Permission
from studyhub.organization.actor import Actor
from studyhub.organization.sign_in import entering, operations, passwords, queries
from studyhub.organization.sign_in.api import attempt_of
from studyhub.organization.sign_in.entering import Attempt, Entered
from studyhub.organization.sign_in.forms import (
    CodeForm,
    FirstPasswordForm,
    NewPasswordForm,
    SignInForm,
    TypeSizeForm,
)
from studyhub.organization.sign_in.queries import ValidCode
from studyhub.organization.sign_in.wording import device, looks_own
from studyhub.organization.wording import LEVELS, REFUSALS, STATUSES
from studyhub.web.clock import now
from studyhub.web.errors import sentence, when_to_come_back
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.identity import begin_browser_session, current_actor, end_browser_session
from studyhub.web.preferences import keep_size_here, safe_target, size_chosen_at_door
from studyhub.web.services import database
from studyhub.web.transaction import current_session, read

room = Room("organization", "studyhub.organization", refusals=REFUSALS)

SMALL = 16_384


@room.page(
    "/sign-in",
    permission=Permission.PUBLIC,
    methods=("GET", "POST"),
    transaction=None,
    max_body=SMALL,
)
def sign_in() -> ResponseReturnValue:
    """A number and a password; the code of a slip will do in its place."""
    if request.method == "GET" and current_user.is_authenticated and not current_user.must_set_password:
        return redirect(safe_target(request.args.get("next")))
    form = SignInForm(request.form or None, keep=looks_own(request.headers.get("User-Agent", "")))
    target = request.values.get("next", "")
    status, headers = 200, dict[str, str]()
    if request.method == "POST" and form.validate():
        attempt = _attempt(form.member_no.data, form.password.data, keep=form.keep.data)
        try:
            return _welcomed(entering.enter(database(), attempt, now()), attempt, target)
        except Refused as refused:
            status, headers = _explain(refused)
    page = render_template("organization/sign_in.html", form=form, next=target)
    return page, status, headers


@room.page("/sign-out", permission=Permission.SET_PASSWORD, methods=("POST",), writes=True)
def sign_out() -> ResponseReturnValue:
    """End this session."""
    actor = current_actor()
    operations.close_own_session(current_session(), actor, actor.session_id, now())
    end_browser_session()
    flash(_("You have signed out."), "success")
    return redirect(url_for("organization.sign_in"))


@room.page(
    "/welcome",
    permission=Permission.PUBLIC,
    methods=("GET", "POST"),
    transaction=None,
    max_body=SMALL,
)
def welcome() -> ResponseReturnValue:
    """The first visit: the code of a slip, typed or from its QR, and a password of one's own.

    Looking does not use the code up: chat programs open links to show a preview.
    """
    form = CodeForm(request.values)
    status, headers = 200, dict[str, str]()
    if request.values.get("code") and form.validate():
        try:
            code = entering.look_at_code(database(), form.code.data, request.remote_addr or "", now())
            return _first_password(code, form.code.data)
        except Refused as refused:
            status, headers = _explain(refused)
    return render_template("organization/welcome_code.html", form=form), status, headers


@room.page(
    "/account/password",
    permission=Permission.SET_PASSWORD,
    methods=("GET", "POST"),
    transaction=None,
    max_body=SMALL,
)
def set_password() -> ResponseReturnValue:
    """A new password: when one must be set, or when one likes."""
    actor = current_actor()
    form = NewPasswordForm(request.form)
    form.current.flags.required = not actor.must_set_password
    status, headers = 200, dict[str, str]()
    if request.method == "POST" and form.validate() and not form.mistyped():
        try:
            entering.change_password(database(), actor, form.password.data, form.current.data, now())
        except Refused as refused:
            status, headers = _explain(refused)
        else:
            flash(_("Your new password is set. Everywhere else you have been signed out."), "success")
            # Who came in with a code wanted to get in, not to their settings.
            back = safe_target("") if actor.must_set_password else url_for("organization.account")
            return redirect(_after_password(actor.member_id, back))
    page = render_template("organization/set_password.html", form=form, must=actor.must_set_password)
    return page, status, headers


@room.page("/welcome/about", permission=Permission.SIGNED_IN, methods=("GET", "POST"), writes=True)
def welcome_about() -> ResponseReturnValue:
    """What is recorded and why, and how large the text should be."""
    actor = current_actor()
    form = TypeSizeForm(request.form, size="large" if actor.large_type else "normal")
    if request.method == "POST" and form.validate():
        large = form.size.data == "large"
        operations.finish_welcome(current_session(), actor, large_type=large, now=now())
        answer = redirect(safe_target(request.args.get("next")))
        keep_size_here(answer, large=large)
        return answer
    return render_template("organization/welcome_about.html", form=form, **_recorded(actor))


@room.page("/account", permission=Permission.SIGNED_IN)
def account() -> ResponseReturnValue:
    """One's own settings, and where one is signed in."""
    actor = current_actor()
    open_sessions = queries.own_sessions(current_session(), actor.member_id, actor.session_id, now())
    return render_template("organization/account.html", actor=actor, sessions=open_sessions, device=device)


@room.page("/account/recorded", permission=Permission.SIGNED_IN)
def recorded() -> ResponseReturnValue:
    """What is recorded and why, to read again."""
    return render_template("organization/recorded.html", **_recorded(current_actor()))


@room.page(
    "/account/sessions/<int:session_id>/close",
    permission=Permission.SIGNED_IN,
    methods=("POST",),
    writes=True,
)
def close_session(session_id: int) -> ResponseReturnValue:
    """Sign one of one's own sessions out."""
    operations.close_own_session(current_session(), current_actor(), session_id, now())
    flash(_("That device has been signed out."), "success")
    return redirect(url_for("organization.account"))


@room.page("/account/sessions/close", permission=Permission.SIGNED_IN, methods=("POST",), writes=True)
def close_every_session() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    operations.close_every_session(current_session(), current_actor(), now())
    end_browser_session()
    flash(_("You have been signed out everywhere."), "success")
    return redirect(url_for("organization.sign_in"))


def _recorded(actor: Actor) -> dict[str, Any]:
    """What is recorded of whoever reads it, for the page that says so."""
    phone = queries.phone(current_session(), actor.member_id) if actor.member_id else None
    return {"actor": actor, "phone": phone, "STATUSES": STATUSES, "LEVELS": LEVELS}


def _first_password(code: ValidCode, typed: str) -> ResponseReturnValue:
    sent = request.form if "password" in request.form else None
    form = FirstPasswordForm(sent, keep=looks_own(request.headers.get("User-Agent", "")))
    if sent and form.validate() and not form.mistyped():
        weak = passwords.weakness(form.password.data, code.member_no, code.name, code.phone)
        if weak is None:
            attempt = _attempt(code.member_no, "", keep=form.keep.data)
            entered = entering.activate(database(), code, form.password.data, attempt, now())
            return _welcomed(entered, attempt, "")
        form.password.errors = [sentence(weak, {})]
    return render_template("organization/welcome_password.html", form=form, code=code, typed=typed)


def _attempt(who: str, password: str, *, keep: bool) -> Attempt:
    return attempt_of(who, password, keep=keep, large_type=size_chosen_at_door())


def _welcomed(entered: Entered, attempt: Attempt, target: str) -> ResponseReturnValue:
    """Let whoever was let in go on. Nothing is read or written any more that could fail now."""
    begin_browser_session(entered.token, keep=attempt.keep)
    if entered.must_set_password:
        answer = redirect(url_for("organization.set_password"))
    else:
        answer = redirect(_first_told(safe_target(target), welcomed=entered.welcomed))
    keep_size_here(answer, large=entered.large_type)
    return answer


def _after_password(member_id: int | None, target: str) -> str:
    """The first time, what is recorded and why comes first."""
    with read() as session:
        welcomed = member_id is None or queries.was_welcomed(session, member_id)
    return _first_told(target, welcomed=welcomed)


def _first_told(target: str, *, welcomed: bool) -> str:
    return target if welcomed else url_for("organization.welcome_about", next=target)


def _explain(refused: Refused) -> tuple[int, dict[str, str]]:
    """Say on the page why it was refused. Returns the status and the headers to answer with."""
    flash(sentence(refused.code, refused.params), "error")
    return refused.status, when_to_come_back(refused)
