"""The pages about the tree: to look at, and to change."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from studyhub.kernel.errors import Forbidden, Refused
from studyhub.kernel.permissions import Permission as P
from studyhub.organization.actor import WHOLE_TREE, Actor
from studyhub.organization.branches import operations, queries
from studyhub.organization.branches.forms import (
    BranchForm,
    MergeForm,
    MoveForm,
    NewBranchForm,
)
from studyhub.organization.branches.operations import NewBranch, Title
from studyhub.organization.models import Branch
from studyhub.organization.states import BranchKind
from studyhub.organization.wording import KINDS, REFUSALS
from studyhub.web.clock import now
from studyhub.web.errors import sentence
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.identity import current_actor
from studyhub.web.paging import page_request
from studyhub.web.transaction import current_session

room = Room("branches", "studyhub.organization", refusals=REFUSALS)

BOTH = ("GET", "POST")


@room.page("/branches", permission=P.VIEW_BRANCH)
def tree() -> ResponseReturnValue:
    """The branches that the actor may see, each with its members."""
    tree = _tree(P.VIEW_BRANCH)
    endpoint = "scoring.branch" if "scoring.branch" in current_app.view_functions else "members.of_branch"
    return render_template("branches/tree.html", tree=tree, KINDS=KINDS, endpoint=endpoint)


@room.page("/admin/branches", permission=P.MANAGE_BRANCHES)
def manage() -> ResponseReturnValue:
    """The same tree with what an admin can do to it."""
    return render_template("branches/manage.html", tree=_tree(P.MANAGE_BRANCHES), KINDS=KINDS)


def _tree(permission: P) -> queries.TreePage:
    """The part of the tree that is asked for, of what the actor may see or change."""
    below, at = current_actor().scope(permission), request.args.get("below", "")
    return queries.tree_page(current_session(), below, page_request(size=queries.A_PAGE), at)


@room.page("/admin/branches/new", permission=P.MANAGE_BRANCHES, methods=BOTH, writes=True)
def new() -> ResponseReturnValue:
    """Add a branch."""
    session, actor = current_session(), current_actor()
    form = NewBranchForm(request.form, parent=request.args.get("parent", ""))
    form.parent.offer(_parents(session, actor))
    if request.method == "POST" and form.validate():
        parent = _parent(session, actor, form.parent.data)
        title = Title(form.name.data.strip(), BranchKind(form.kind.data))
        try:
            operations.create(session, actor, NewBranch(form.code.data, title, parent), now())
        except Refused as refused:
            form.code.errors = [sentence(refused.code, refused.params)]
        else:
            flash(_("The branch is there."), "success")
            return redirect(url_for("branches.edit", code=form.code.data))
    return render_template("branches/new.html", form=form)


@room.page("/admin/branches/<code>", permission=P.MANAGE_BRANCHES, methods=BOTH, writes=True)
def edit(code: str) -> ResponseReturnValue:
    """Name and kind, and the ways to move, merge or close it."""
    session, actor = current_session(), current_actor()
    branch = queries.branch(session, actor, P.MANAGE_BRANCHES, code)
    form = BranchForm(request.form, name=branch.name, kind=branch.kind.value)
    if request.method == "POST" and form.validate():
        title = Title(form.name.data.strip(), BranchKind(form.kind.data))
        operations.rename(session, actor, branch, title, now())
        flash(_("Saved."), "success")
        return redirect(url_for("branches.edit", code=code))
    above = queries.line(session, branch.path)[:-1]
    line = [one for one in above if actor.covers(P.MANAGE_BRANCHES, one.path)]
    return render_template("branches/edit.html", branch=branch, form=form, line=line)


@room.page("/admin/branches/<code>/move", permission=P.MANAGE_BRANCHES, methods=BOTH, writes=True)
def move(code: str) -> ResponseReturnValue:
    """Put it under another branch, with everything below it."""
    session, actor = current_session(), current_actor()
    branch = queries.branch(session, actor, P.MANAGE_BRANCHES, code)
    form = MoveForm(request.form)
    form.parent.offer(_parents(session, actor, without=branch))
    if request.method == "POST" and form.validate():
        operations.move(session, actor, branch, _parent(session, actor, form.parent.data), now())
        flash(_("The branch has moved."), "success")
        return redirect(url_for("branches.manage"))
    return render_template("branches/move.html", branch=branch, form=form)


@room.page("/admin/branches/<code>/merge", permission=P.MANAGE_BRANCHES, methods=BOTH, writes=True)
def merge(code: str) -> ResponseReturnValue:
    """Transfer everybody to another branch and close this one."""
    session, actor = current_session(), current_actor()
    branch = queries.branch(session, actor, P.MANAGE_BRANCHES, code)
    form = MergeForm(request.form)
    form.into.offer(_parents(session, actor, without=branch)[_first_branch(actor) :])
    if request.method == "POST" and form.validate():
        into = queries.branch(session, actor, P.MANAGE_BRANCHES, form.into.data)
        moved = operations.merge(session, actor, branch, into, now())
        flash(
            _("Merged: %(count)s members are now at home in %(name)s.", count=moved, name=into.name),
            "success",
        )
        return redirect(url_for("branches.manage"))
    return render_template("branches/merge.html", branch=branch, form=form)


@room.page("/admin/branches/<code>/close", permission=P.MANAGE_BRANCHES, methods=BOTH, writes=True)
def close(code: str) -> ResponseReturnValue:
    """Ask first, then close an empty branch."""
    session, actor = current_session(), current_actor()
    branch = queries.branch(session, actor, P.MANAGE_BRANCHES, code)
    if request.method == "POST":
        operations.close(session, actor, branch, now())
        flash(_("The branch is closed. Its history stays."), "success")
        return redirect(url_for("branches.manage"))
    return render_template("branches/close.html", branch=branch)


def _manages_all(actor: Actor) -> bool:
    return WHOLE_TREE in actor.scope(P.MANAGE_BRANCHES)


def _first_branch(actor: Actor) -> int:
    """The place of the first real branch among the choices of `_parents`."""
    return 1 if _manages_all(actor) else 0


def _parents(session: Session, actor: Actor, without: Branch | None = None) -> list[tuple[str, str]]:
    """Where a branch can stand: nothing above it only for who manages the whole tree."""
    choices: list[tuple[str, str]] = [("", _("Nothing: at the top"))] if _manages_all(actor) else []
    lines = queries.tree_lines(session, actor.scope(P.MANAGE_BRANCHES))
    choices += [
        (one.code, queries.INDENT * one.depth + one.name)
        for one in lines
        if without is None or not one.path.startswith(without.path)
    ]
    return choices


def _parent(session: Session, actor: Actor, code: str) -> Branch | None:
    if code:
        return queries.branch(session, actor, P.MANAGE_BRANCHES, code)
    if not _manages_all(actor):
        raise Forbidden
    return None
