"""Every route says who may use it, and the guard sees to it. A route that does not say stops the start.

For each request the guard, in this order: turns a stranger away without a query, checks the form token,
opens the request's one transaction, looks up the actor in it, checks the permission, runs the view, commits,
and only then answers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal, TypeVar

from flask import Blueprint, Flask, Response, make_response, request
from flask_login import current_user
from sqlalchemy.orm import Session

from studyhub.db.database import BeginAgain
from studyhub.kernel.errors import Forbidden, Misconfigured, NotSignedIn, Refused
from studyhub.kernel.permissions import Permission
from studyhub.web import csrf, transaction
from studyhub.web.clock import now
from studyhub.web.identity import has_credentials
from studyhub.web.limits import refuse_unstorable
from studyhub.web.services import services

View = TypeVar("View", bound=Callable[..., Any])
Transaction = Literal["request"] | None

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_POLICY = "studyhub_policy"


@dataclass(frozen=True, slots=True)
class Policy:
    """What a route declared."""

    permission: Permission
    writes: frozenset[str]
    """the methods whose transaction writes"""
    own_transactions: bool
    commit_on: frozenset[int]
    """error statuses at which what was written is kept all the same"""
    csrf: bool
    max_body: int | None


class Room(Blueprint):
    """A room's blueprint. Its routes are declared with a permission, or not at all.

    `refusals` words the room's error codes: {"attempt_closed": lazy_gettext("…")}.
    """

    def __init__(
        self, name: str, import_name: str, *, refusals: dict[str, Any] | None = None, **options: Any
    ) -> None:
        options.setdefault("template_folder", "templates")
        super().__init__(name, import_name, **options)
        self.refusals = refusals or {}

    def page(
        self, rule: str, *, permission: Permission, methods: Collection[str] = ("GET",), **declared: Any
    ) -> Callable[[View], View]:
        """A route for people. See `Declared` for the other arguments."""
        return self._declared(rule, methods, permission, declared)

    def get(self, rule: str, **declared: Any) -> Callable[[View], View]:
        """A route that answers GET. See `Declared` for the arguments."""
        return self._declared(rule, ("GET",), declared.pop("permission"), declared)

    def post(self, rule: str, **declared: Any) -> Callable[[View], View]:
        """A route that answers POST. See `Declared` for the arguments."""
        return self._declared(rule, ("POST",), declared.pop("permission"), declared)

    def put(self, rule: str, **declared: Any) -> Callable[[View], View]:
        """A route that answers PUT. See `Declared` for the arguments."""
        return self._declared(rule, ("PUT",), declared.pop("permission"), declared)

    def delete(self, rule: str, **declared: Any) -> Callable[[View], View]:
        """A route that answers DELETE. See `Declared` for the arguments."""
        return self._declared(rule, ("DELETE",), declared.pop("permission"), declared)

    def _declared(
        self, rule: str, methods: Collection[str], permission: Permission, declared: dict[str, Any]
    ) -> Callable[[View], View]:
        endpoint = declared.pop("endpoint", None)
        policy = declare(permission, methods, Declared(**declared))

        def register(view: View) -> View:
            name = endpoint or view.__name__
            self.add_url_rule(rule, name, guarded(view, policy), methods=list(methods))
            return view

        return register


@dataclass(frozen=True, slots=True)
class Declared:
    """What a route declares beside its rule, its methods and its permission.

    - `writes`: its changing methods (all of them, when it has no changing one) get a write transaction.
    - `transaction=None`: the view opens its own short ones (hashing, uploads); none is open around it.
    - `commit_on`: error statuses that keep what was written, such as the journal row of a refused save.
    - `csrf=False`: only for a route that no cookie authorises.
    - `max_body`: the largest body in bytes, where that is less than the site's upload limit.
    """

    writes: bool = False
    transaction: Transaction = "request"
    commit_on: Iterable[int] = ()
    csrf: bool = True
    max_body: int | None = None


def declare(permission: Permission, methods: Collection[str], declared: Declared) -> Policy:
    """The policy of a route that declared this."""
    changing = frozenset(methods) - _SAFE
    return Policy(
        permission=Permission(permission),
        writes=(changing or frozenset(methods)) if declared.writes else frozenset(),
        own_transactions=declared.transaction is None,
        commit_on=frozenset(declared.commit_on),
        csrf=declared.csrf,
        max_body=declared.max_body,
    )


def guarded(view: Callable[..., Any], policy: Policy) -> Callable[..., Response]:
    """The view behind the guard."""

    @wraps(view)
    def enter(**arguments: Any) -> Response:
        _receive(policy)
        if policy.own_transactions:
            _permit(policy.permission)
            return make_response(view(**arguments))
        return _in_transaction(policy, lambda: make_response(view(**arguments)))

    setattr(enter, _POLICY, policy)
    return enter


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """What the endpoint declared; None when it declared nothing."""
    return getattr(app.view_functions.get(endpoint), _POLICY, None)


def open_to(app: Flask, permission: Permission, *endpoints: str) -> None:
    """Declare the permission of routes that a library added (static files)."""
    policy = declare(permission, ("GET",), Declared(transaction=None))
    for endpoint in endpoints:
        app.view_functions[endpoint] = guarded(app.view_functions[endpoint], policy)


def refuse_unguarded(app: Flask) -> None:
    """Raise Misconfigured when a route of the application declares no permission."""
    bare = sorted({rule.endpoint for rule in app.url_map.iter_rules() if not policy_of(app, rule.endpoint)})
    if bare:
        raise Misconfigured(f"These routes declare no permission: {', '.join(bare)}.")


def _receive(policy: Policy) -> None:
    """What can be refused without touching the database."""
    if policy.max_body is not None:
        request.max_content_length = policy.max_body
    if policy.permission is not Permission.PUBLIC and not has_credentials():
        raise NotSignedIn
    if policy.csrf:
        csrf.check()
    refuse_unstorable()


def _permit(permission: Permission) -> None:
    if permission is Permission.PUBLIC:
        return
    actor = current_user.actor
    if actor is None:
        raise NotSignedIn
    if actor.must_set_password and permission is not Permission.SET_PASSWORD:
        raise Forbidden("password_change_required")
    if not actor.may(permission):
        raise RoleLacks(permission)


class RoleLacks(Forbidden):
    """The actor's roles lack the permission of the route."""

    def __init__(self, permission: Permission) -> None:
        super().__init__()
        self.permission = permission


def _in_transaction(policy: Policy, view: Callable[[], Response]) -> Response:
    if request.method not in policy.writes and not (request.method == "HEAD" and "GET" in policy.writes):
        with transaction.read():
            return _permitted(policy, view)
    try:
        return _in_write(policy, view, can_begin_again=True)
    except BeginAgain as missing:
        with transaction.read() as session:
            missing.prepare(session)
        return _in_write(policy, view, can_begin_again=False)


def _permitted(policy: Policy, view: Callable[[], Response]) -> Response:
    _permit(policy.permission)
    return view()


def _in_write(policy: Policy, view: Callable[[], Response], *, can_begin_again: bool) -> Response:
    kept: Refused | None = None
    with transaction.write(can_begin_again=can_begin_again) as session:
        try:
            response = _permitted(policy, view)
        except Refused as refused:
            if refused.status not in policy.commit_on:
                raise
            kept = refused
        else:
            _undo_if_refused(session, response.status_code, policy)
    if kept is not None:
        raise kept
    return response


def _undo_if_refused(session: Session, status: int, policy: Policy) -> None:
    if status >= 400 and status not in policy.commit_on:
        session.rollback()


def record_refusal(refused: RoleLacks) -> None:
    """Tell the organization room, in a transaction of its own, that somebody's roles did not allow it."""
    record = services().record_refusal
    if record is not None and current_user.is_authenticated:
        with transaction.write() as session:
            record(session, current_user.actor, refused.permission, request.path, now())
