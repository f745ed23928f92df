"""Members for programs."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from studyhub.kernel.permissions import Permission
from studyhub.organization.audit import Act, record
from studyhub.organization.branches import queries as branches
from studyhub.organization.members import queries
from studyhub.organization.members.queries import MemberLine
from studyhub.organization.sign_in.api import BranchName
from studyhub.organization.wording import REFUSALS
from studyhub.web.api import Page, answers, checked_query, decode_place, listed, spec
from studyhub.web.clock import now
from studyhub.web.guard import Room
from studyhub.web.identity import current_actor
from studyhub.web.transaction import current_session

room = Room("members_api", "studyhub.organization", url_prefix="/api/v1", refusals=REFUSALS)


class MemberItem(BaseModel):
    """A member in a list."""

    member_no: str
    name: str
    status: str
    branch: BranchName


class MemberList(BaseModel):
    """Members in the order of their numbers."""

    items: list[MemberItem]
    next: str | None


@room.get("/branches/<code>/members", permission=Permission.VIEW_MEMBERS, writes=True)
@spec.validate(query=Page, resp=answers(HTTP_200=MemberList), tags=["members"])
def of_branch(code: str) -> ResponseReturnValue:
    """Who is at home in the branch and below it."""
    session, actor, asked = current_session(), current_actor(), checked_query(Page)
    branch = branches.branch(session, actor, Permission.VIEW_MEMBERS, code)
    rows = queries.members_after(session, branch.path, decode_place(asked.after, str) or "", asked.limit + 1)
    record(session, actor, Act.MEMBERS_LISTED, f"branch:{code}", {"by": "api"}, now=now())
    return listed(rows, asked.limit, _item, lambda row: (row.member_no,))


def _item(row: MemberLine) -> dict[str, Any]:
    return {
        "member_no": row.member_no,
        "name": row.name,
        "status": row.status.value,
        "branch": {"code": row.branch_code, "name": row.branch_name},
    }
