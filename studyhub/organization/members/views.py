"""The pages about members: lists, one member, and what leaders and admins do for them."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from studyhub.kernel.errors import Refused
from studyhub.kernel.page import PageRequest
from studyhub.kernel.permissions import Permission as P
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act, record
from studyhub.organization.branches import queries as branches
from studyhub.organization.branches.forms import select_choices
from studyhub.organization.members import granting, operations, queries, slip_pdf, slips
from studyhub.organization.members.ending import delegated_from
from studyhub.organization.members.forms import GrantForm, MemberForm, NewMemberForm, StatusForm, TransferForm
from studyhub.organization.members.granting import NewGrant
from studyhub.organization.members.slips import Slip
from studyhub.organization.members.wording import ENTRIES, SORTS, last_day, role_given, slip_words
from studyhub.organization.models import Branch, Member
from studyhub.organization.roles import ORGANISATION_WIDE, Role
from studyhub.organization.sign_in.activation_code import grouped
from studyhub.organization.sign_in.queries import has_slip, slip_made_at
from studyhub.organization.states import Entry, Level, MemberStatus
from studyhub.organization.wording import LEVELS, REFUSALS, ROLES, STATUSES
from studyhub.web.clock import now
from studyhub.web.errors import sentence
from studyhub.web.guard import Room
from studyhub.web.headers import attachment
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import language
from studyhub.web.identity import current_actor
from studyhub.web.paging import page_request
from studyhub.web.services import settings
from studyhub.web.transaction import current_session, write

room = Room("members", "studyhub.organization", refusals=REFUSALS)
WORDS = {"ROLES": ROLES, "STATUSES": STATUSES, "LEVELS": LEVELS, "SORTS": SORTS, "ENTRIES": ENTRIES}
SMALL = 16_384

BY_REACH = (Role.DEPUTY, Role.GROUP_LEADER, Role.LEADER, Role.EDITOR, Role.AUDITOR, Role.ADMIN)

room.add_app_template_filter(last_day)


@room.page("/branches/<code>/members", permission=P.VIEW_MEMBERS, writes=True)
def of_branch(code: str) -> ResponseReturnValue:
    """Who is at home in a branch and below it, and who leads there."""
    session, actor = current_session(), current_actor()
    branch = branches.branch(session, actor, P.VIEW_MEMBERS, code)
    asked = page_request(queries.SORTS, sort="branch")
    found = queries.members_page(session, (branch.path,), asked, now(), entry := asked_entry())
    record(session, actor, Act.MEMBERS_LISTED, f"branch:{code}", which_page(asked), now=now())
    return render_template(
        "members/of_branch.html",
        branch=branch,
        crumbs=crumbs(session, actor, branch),
        page=found,
        entry=entry,
        may_print=actor.covers(P.RESET_PASSWORDS, branch.path),
        **_leading(session, actor, branch),
        **WORDS,
    )


def _leading(session: Session, actor: Actor, branch: Branch) -> dict[str, Any]:
    """Who leads the branch, whose role the actor may end, and whether they may give one."""
    leaders = queries.leaders(session, branch.id, now())
    ending = {o.id for o in leaders if granting.may_end(actor, o.member_no, o.role, branch.path)}
    may_give = bool(granting.grantable(actor, branch.path))
    return {"leaders": leaders, "ending": ending, "may_give": may_give}


@room.page("/admin/members", permission=P.MANAGE_MEMBERS, writes=True)
def everybody() -> ResponseReturnValue:
    """All members within the admin's scope."""
    session, actor = current_session(), current_actor()
    asked = page_request(queries.SORTS, sort="branch")
    found = queries.members_page(session, actor.scope(P.MANAGE_MEMBERS), asked, now(), entry := asked_entry())
    record(session, actor, Act.MEMBERS_LISTED, "members", which_page(asked), now=now())
    return render_template("members/everybody.html", page=found, entry=entry, **WORDS)


@room.page("/members/<member_no>", permission=P.VIEW_MEMBERS, writes=True)
def show(member_no: str) -> ResponseReturnValue:
    """One member: home branch, status, roles, where they were before."""
    session, actor = current_session(), current_actor()
    member = queries.member(session, actor, P.VIEW_MEMBERS, member_no)
    if member.id != actor.member_id:
        record(session, actor, Act.MEMBER_VIEWED, f"member:{member_no}", now=now())
    home = session.get_one(Branch, member.branch_id)
    return render_template(
        "members/show.html",
        member=member,
        home=home,
        crumbs=crumbs(session, actor, home),
        slip_made_at=slip_made_at(session, member.id, now()),
        stays=queries.stays(session, member.id),
        may=(may := allowed(actor, home)),
        may_reset=may["reset_passwords"] and not slips.why_no_reset(session, actor, member, now()),
        progress_url=progress_url(member_no),
        **_roles(session, actor, member),
        **WORDS,
    )


def _roles(session: Session, actor: Actor, member: Member) -> dict[str, Any]:
    """What the member holds, and which of it the actor may end."""
    grants = queries.grants(session, member.id, now())
    ending = {o.id for o in grants if granting.may_end(actor, member.member_no, o.role, o.branch_path)}
    return {"grants": grants, "ending": ending}


@room.page(
    "/members/<member_no>/password", permission=P.RESET_PASSWORDS, methods=("GET", "POST"), writes=True
)
def reset_password(member_no: str) -> ResponseReturnValue:
    """Ask first; then take the password away and show the new slip, this once."""
    session, actor = current_session(), current_actor()
    member = queries.member(session, actor, P.RESET_PASSWORDS, member_no)
    if refused := slips.why_no_reset(session, actor, member, now()):
        raise refused
    if request.method == "GET":
        return render_template("members/reset_password.html", member=member)
    return show_slip(slips.make_for_reset(session, actor, member, now()))


@room.page("/members/<member_no>/transfer", permission=P.MANAGE_MEMBERS, methods=("GET", "POST"), writes=True)
def transfer(member_no: str) -> ResponseReturnValue:
    """Move the member to another branch from now on."""
    session, actor = current_session(), current_actor()
    member = queries.member(session, actor, P.MANAGE_MEMBERS, member_no)
    form = TransferForm(request.form)
    form.branch.offer(branches.choices(session, actor.scope(P.MANAGE_MEMBERS)))
    if request.method == "POST" and form.validate():
        to = branches.branch(session, actor, P.MANAGE_MEMBERS, form.branch.data)
        operations.transfer(session, actor, member, to, now())
        flash(_("%(name)s is now at home in %(branch)s.", name=member.name, branch=to.name), "success")
        return redirect(url_for("members.show", member_no=member_no))
    home = session.get_one(Branch, member.branch_id)
    return render_template("members/transfer.html", member=member, home=home, form=form)


@room.page("/members/<member_no>/status", permission=P.MANAGE_MEMBERS, methods=("GET", "POST"), writes=True)
def status(member_no: str) -> ResponseReturnValue:
    """Make the member active, probationary or left."""
    session, actor = current_session(), current_actor()
    member = queries.member(session, actor, P.MANAGE_MEMBERS, member_no)
    form = StatusForm(request.form, status=member.status.value)
    if not operations.may_see_off(session, actor, member, now()):
        form.status.choices = [one for one in form.status.choices if one.value != MemberStatus.LEFT.value]
    if request.method == "POST" and form.validate():
        operations.change_status(session, actor, member, MemberStatus(form.status.data), now())
        flash(_("The status is changed."), "success")
        return redirect(url_for("members.show", member_no=member_no))
    return render_template("members/status.html", member=member, form=form)


@room.page("/members/<member_no>/edit", permission=P.MANAGE_MEMBERS, methods=("GET", "POST"), writes=True)
def edit(member_no: str) -> ResponseReturnValue:
    """Name, phone and clearance."""
    session, actor = current_session(), current_actor()
    member = queries.member(session, actor, P.MANAGE_MEMBERS, member_no)
    form = MemberForm(request.form, obj=member)
    form.offer_clearances({*actor.clearances, member.clearance})
    if request.method == "POST" and form.validate():
        phone = form.phone_number
        if phone and queries.phone_is_taken(session, phone, member.id):
            form.phone.errors = [sentence("phone_taken", {})]
        else:
            values = {"name": form.name.data.strip(), "phone": phone, "clearance": Level(form.clearance.data)}
            operations.change_details(session, actor, member, now(), **values)
            flash(_("Saved."), "success")
            return redirect(url_for("members.show", member_no=member_no))
    return render_template("members/edit.html", member=member, form=form)


@room.page("/admin/members/new", permission=P.MANAGE_MEMBERS, methods=("GET", "POST"), writes=True)
def new() -> ResponseReturnValue:
    """Add one member by hand."""
    session, actor = current_session(), current_actor()
    form = NewMemberForm(request.form)
    form.offer_clearances(actor.clearances)
    form.branch.offer(branches.choices(session, actor.scope(P.MANAGE_MEMBERS)))
    if request.method == "POST" and form.validate() and _is_new(session, form):
        home = branches.branch(session, actor, P.MANAGE_MEMBERS, form.branch.data)
        joining = operations.NewMember(
            form.member_no.data,
            form.name.data.strip(),
            form.phone_number,
            clearance=Level(form.clearance.data),
        )
        member = operations.create(session, actor, joining, home, now())
        flash(_("%(name)s was added. Print a slip for the first sign-in.", name=member.name), "success")
        return redirect(url_for("members.show", member_no=member.member_no))
    return render_template("members/new.html", form=form)


@room.page("/members/<member_no>/roles/new", permission=P.DELEGATE, methods=("GET", "POST"), writes=True)
def give_role(member_no: str) -> ResponseReturnValue:
    """Grant a role, or delegate one until a day."""
    session, actor = current_session(), current_actor()
    member = queries.member(session, actor, P.DELEGATE, member_no)
    form = _grant_form(session, actor, session.get_one(Branch, member.branch_id).code)
    manages = actor.may(P.MANAGE_GRANTS)
    form.last_day.flags.required = not manages
    had_slip = has_slip(session, member.id, now())
    if request.method == "POST" and form.validate() and _given(session, actor, member, form):
        if had_slip and not has_slip(session, member.id, now()):
            flash(_("The slip that was made before works no more: please make a new one."), "warning")
        return redirect(url_for("members.show", member_no=member_no))
    return render_template("members/give_role.html", member=member, form=form, manages=manages)


def _given(session: Session, actor: Actor, member: Member, form: GrantForm) -> bool:
    """Give the role; False when that is refused, with the reason at its field."""
    role, until = Role(form.role.data), form.until(settings().zone)
    over = branches.branch(session, actor, P.DELEGATE, form.branch.data) if form.branch.data else None
    try:
        granting.give(session, actor, NewGrant(member, role, over, until), now())
    except Refused as refused:
        if refused.status == 403:
            raise
        at = form.last_day if refused.code in granting.ABOUT_THE_END else form.role
        at.errors = [sentence(refused.code, refused.params)]
        return False
    flash(role_given(member.name, role, until), "success")
    return True


@room.page("/grants/<int:grant_id>/end", permission=P.DELEGATE, methods=("GET", "POST"), writes=True)
def end_role(grant_id: int) -> ResponseReturnValue:
    """Ask first, then take a role away."""
    session, actor = current_session(), current_actor()
    if request.method == "GET":
        grant, member = granting.endable(session, actor, grant_id, now())
        with_it = queries.holders_of(session, delegated_from(session, [grant_id], now()))
        return render_template("members/end_role.html", grant=grant, member=member, with_it=with_it, **WORDS)
    member = granting.end(session, actor, grant_id, now())
    flash(_("The role has ended."), "success")
    return redirect(url_for("members.show", member_no=member.member_no))


@room.page("/branches/<code>/slips", permission=P.RESET_PASSWORDS)
def slips_wanted(code: str) -> ResponseReturnValue:
    """How many members of the branch need a slip for their first sign-in."""
    session, actor = current_session(), current_actor()
    branch = branches.branch(session, actor, P.RESET_PASSWORDS, code)
    return render_template(
        "members/print_slips.html",
        branch=branch,
        waiting=slips.waiting(session, actor, branch, now()),
        crumbs=crumbs(session, actor, branch),
    )


@room.post("/branches/<code>/slips", permission=P.RESET_PASSWORDS, transaction=None, max_body=SMALL)
def print_slips(code: str) -> ResponseReturnValue:
    """The slips as a PDF. It is rendered outside the transaction: 300 slips take two seconds."""
    actor = current_actor()
    with write() as session:
        branch = branches.branch(session, actor, P.RESET_PASSWORDS, code)
        made = slips.make_for_branch(session, actor, branch, now())
    if not made:
        flash(_("Nobody here needs a slip."), "info")
        return redirect(url_for("members.slips_wanted", code=code))
    name = _("Slips of %(branch)s.pdf", branch=branch.name)
    return pdf_answer(made, attachment(f"slips-{code}.pdf", name))


def pdf_answer(made: list[Slip], disposition: str) -> Response:
    """The slips as a PDF that is kept nowhere."""
    words = slip_words(made[0].expires_at)
    pdf = slip_pdf.render(made, words, settings().base_url, language())
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(pdf, mimetype="application/pdf", headers=headers)


def show_slip(slip: Slip) -> ResponseReturnValue:
    """The page with one new slip. It is shown once and is not in any cache or history."""
    address = slip_pdf.slip_url(settings().base_url, slip.code)
    page = render_template(
        "members/slip.html",
        slip=slip,
        words=slip_words(slip.expires_at),
        code=grouped(slip.code),
        qr=slip_pdf.qr_data_uri(address),
    )
    return Response(page, headers={"Cache-Control": "no-store"})


def crumbs(session: Session, actor: Actor, branch: Branch) -> list[tuple[str, str]]:
    """The branches above that the actor may see, and the branch itself."""
    endpoint = "scoring.branch" if "scoring.branch" in current_app.view_functions else "members.of_branch"
    return [
        (one.name, url_for(endpoint, code=one.code))
        for one in branches.line(session, branch.path)
        if actor.covers(P.VIEW_MEMBERS, one.path)
    ]


def asked_entry() -> Entry | None:
    """Of which members the list is: `?entry=slip`. Anything that makes no sense is taken as not said."""
    return {entry.value: entry for entry in Entry}.get(request.args.get("entry", ""))


def which_page(asked: PageRequest) -> dict[str, int]:
    """What the trail keeps of a look at a list: nothing but the page, if it is not the first."""
    return {"page": asked.page} if asked.page > 1 else {}


def progress_url(member_no: str) -> str | None:
    """The page with a member's results, which a room above this one has."""
    endpoint = "scoring.member_progress"
    return url_for(endpoint, member_no=member_no) if endpoint in current_app.view_functions else None


def allowed(actor: Actor, home: Branch) -> dict[str, bool]:
    """What the actor may do for members of this home branch, for the page's buttons."""
    permissions = (P.RESET_PASSWORDS, P.MANAGE_MEMBERS, P.DELEGATE, P.MANAGE_GRANTS)
    return {permission.value: actor.covers(permission, home.path) for permission in permissions}


def _is_new(session: Session, form: Any) -> bool:
    """Note at the fields that the number or phone is taken."""
    if queries.number_is_taken(session, form.member_no.data):
        form.member_no.errors = [_("There is already a member with this number.")]
    if form.phone_number and queries.phone_is_taken(session, form.phone_number, None):
        form.phone.errors = [sentence("phone_taken", {})]
    return not form.errors


def _grant_form(session: Session, actor: Actor, home: str) -> Any:
    # The first choice is the smallest: a deputy of the member's own branch.
    form = GrantForm(request.form, branch=home)
    scope = actor.scope(P.DELEGATE)
    roles = granting.grantable(actor, scope[0]) if scope else frozenset()
    form.role.choices = select_choices((role.value, ROLES[role]) for role in BY_REACH if role in roles)
    whole = [("", _("The whole organisation"))] if ORGANISATION_WIDE & roles else []
    form.branch.offer(whole + branches.choices(session, scope))
    return form
