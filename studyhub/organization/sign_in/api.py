"""Signing in and out for programs, and who one is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from pydantic import AliasChoices, BaseModel, Field

from studyhub.kernel.permissions import Permission
from studyhub.organization import sessions
from studyhub.organization.actor import Actor
from studyhub.organization.members import queries as members
from studyhub.organization.sign_in import entering, operations
from studyhub.organization.sign_in.entering import Attempt
from studyhub.organization.wording import REFUSALS
from studyhub.web.api import answers, checked_body, spec
from studyhub.web.clock import now
from studyhub.web.guard import Room
from studyhub.web.identity import current_actor
from studyhub.web.services import database
from studyhub.web.transaction import current_session, read

room = Room("sign_in_api", "studyhub.organization", url_prefix="/api/v1", refusals=REFUSALS)

SMALL = 4_096
"""Bytes: no honest body of these calls is longer."""


class Credentials(BaseModel):
    """A member's number or phone, with the password (or a one-time activation code in its place)."""

    member_no: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=256)


class NewPassword(BaseModel):
    """`current_password` is needed unless the session must set its password."""

    password: str = Field(max_length=256, validation_alias=AliasChoices("password", "new_password"))
    current_password: str | None = Field(default=None, max_length=256)


class BranchName(BaseModel):
    """A branch, as it is named in other answers."""

    code: str
    name: str


class HeldRole(BaseModel):
    """A role and the branch that it covers with everything below (null: the whole organisation)."""

    role: str
    branch: BranchName | None
    until: str | None


class Me(BaseModel):
    """The member who is signed in."""

    member_no: str
    name: str
    branch: BranchName
    roles: list[str]
    grants: list[HeldRole]
    must_set_password: bool


class OpenedSession(BaseModel):
    """A session. The token is shown once; send it as `Authorization: Bearer …`."""

    token: str
    expires_at: str
    member: Me


def attempt_of(who: str, password: str, *, keep: bool = True, large_type: bool | None = None) -> Attempt:
    """What was typed, with where it came from. A program that signs in stays so for as long as there is."""
    agent = request.headers.get("User-Agent", "")
    return Attempt(who, password, request.remote_addr or "", agent, keep, large_type)


@room.post("/sessions", permission=Permission.PUBLIC, transaction=None, csrf=False, max_body=SMALL)
@spec.validate(json=Credentials, resp=answers(HTTP_201=OpenedSession, problems=(401,)), tags=["sessions"])
def create_session() -> ResponseReturnValue:
    """Sign in. Sets no cookie."""
    body = checked_body(Credentials)
    moment = now()
    entered = entering.enter(database(), attempt_of(body.member_no, body.password), moment)
    with read() as session:
        actor = sessions.identify(session, entered.token, moment)
        assert actor is not None
        member = me_of(actor, session, moment)
    expires_at = entered.expires_at.isoformat()
    return {"token": entered.token, "expires_at": expires_at, "member": member}, 201


@room.delete("/sessions/current", permission=Permission.SIGNED_IN, writes=True)
@spec.validate(resp=answers(HTTP_204=None), tags=["sessions"])
def delete_current_session() -> ResponseReturnValue:
    """Sign this session out."""
    actor = current_actor()
    operations.close_own_session(current_session(), actor, actor.session_id, now())
    return "", 204


@room.get("/me", permission=Permission.SIGNED_IN)
@spec.validate(resp=answers(HTTP_200=Me), tags=["me"])
def me() -> ResponseReturnValue:
    """Who is signed in."""
    return me_of(current_actor(), current_session(), now())


@room.put("/me/password", permission=Permission.SET_PASSWORD, transaction=None, max_body=SMALL)
@spec.validate(json=NewPassword, resp=answers(HTTP_204=None), tags=["me"])
def put_password() -> ResponseReturnValue:
    """Set one's own password. Every other session of the member ends."""
    body = checked_body(NewPassword)
    entering.change_password(database(), current_actor(), body.password, body.current_password, now())
    return "", 204


def me_of(actor: Actor, session: Any, moment: datetime) -> dict[str, Any]:
    """The member object of the interface."""
    assert actor.member_id is not None
    held = [grant for grant in members.grants(session, actor.member_id, moment) if grant.since <= moment]
    return {
        "member_no": actor.member_no,
        "name": actor.name,
        "branch": {"code": actor.branch_code, "name": actor.branch_name},
        "roles": sorted({grant.role.value for grant in held}),
        "grants": [_grant(grant) for grant in held],
        "must_set_password": actor.must_set_password,
    }


def _grant(grant: members.HeldGrant) -> dict[str, Any]:
    branch = {"code": grant.branch_code, "name": grant.branch_name} if grant.branch_code else None
    until = grant.until.isoformat() if grant.until else None
    return {"role": grant.role.value, "branch": branch, "until": until}
