"""Who joins, leaves, moves and deputises, and whose attempt is voided: a season of a secretary's work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.demo import founding, tree
from studyhub.demo.people import ACCOUNTS, PlannedMember
from studyhub.demo.timeline import Act
from studyhub.exams.attempts import voiding
from studyhub.exams.models import Attempt
from studyhub.exams.states import AttemptState
from studyhub.kernel.permissions import Permission
from studyhub.organization.branches import queries as branches
from studyhub.organization.members import granting, operations
from studyhub.organization.members import queries as members
from studyhub.organization.members.granting import NewGrant
from studyhub.organization.members.operations import NewMember
from studyhub.organization.models import Member
from studyhub.organization.roles import Role
from studyhub.organization.states import MemberStatus

NEWCOMER = NewMember("yl-new", "顾知夏", status=MemberStatus.PROBATIONARY)
DELEGATED_FOR = timedelta(days=90)
VOID_REASON = "手机曾交由他人操作，本人已说明情况，同意重新参加。"


@dataclass(frozen=True, slots=True)
class Personnel:
    """The members to whom something happens, by number."""

    deputy: str
    transferred: str
    leaver: str

    @classmethod
    def choose(cls, people: Sequence[PlannedMember]) -> Personnel:
        """Members without a role: one of the leader's branch, one of each of two districts."""
        ordinary = [person for person in people if not person.roles and person not in ACCOUNTS]

        def first_of(*codes: str) -> str:
            nearest = sorted(ordinary, key=lambda person: not person.branch.startswith(codes))
            chosen = nearest[0]
            ordinary.remove(chosen)
            return chosen.member_no

        return cls(
            deputy=first_of(tree.LEADERS_BRANCH), transferred=first_of("west-"), leaver=first_of("east-")
        )

    def acts(self, now: datetime) -> Iterator[Act]:
        """What happens to them, over the last weeks."""
        day = timedelta(days=1)
        yield Act(now - 45 * day, self.join)
        yield Act(now - 31 * day, self.leave)
        yield Act(now - 21 * day, self.delegate)
        yield Act(now - 14 * day, self.transfer)
        yield Act(now - 2 * day, self.void)

    def join(self, session: Session, now: datetime) -> None:
        admin = founding.acting(session, "admin", now)
        home = branches.branch(session, admin, Permission.MANAGE_MEMBERS, tree.LEADERS_BRANCH)
        operations.create(session, admin, NEWCOMER, home, now)

    def leave(self, session: Session, now: datetime) -> None:
        admin = founding.acting(session, "admin", now)
        leaver = members.member(session, admin, Permission.MANAGE_MEMBERS, self.leaver)
        operations.change_status(session, admin, leaver, MemberStatus.LEFT, now)

    def delegate(self, session: Session, now: datetime) -> None:
        """The leader of a home branch has a deputy for some time."""
        leader = founding.acting(session, "leader", now)
        deputy = members.member(session, leader, Permission.DELEGATE, self.deputy)
        home = branches.branch(session, leader, Permission.DELEGATE, tree.LEADERS_BRANCH)
        granting.give(session, leader, NewGrant(deputy, Role.DEPUTY, home, now + DELEGATED_FOR), now)

    def transfer(self, session: Session, now: datetime) -> None:
        admin = founding.acting(session, "admin", now)
        moving = members.member(session, admin, Permission.MANAGE_MEMBERS, self.transferred)
        to = branches.branch(session, admin, Permission.MANAGE_MEMBERS, tree.STAFF_BRANCH)
        operations.transfer(session, admin, moving, to, now)

    def void(self, session: Session, now: datetime) -> None:
        """The secretary takes an attempt out of the count; the member may sit the exam once more."""
        accounts = [account.member_no for account in ACCOUNTS]
        found = session.scalars(
            select(Attempt.id)
            .join(Member, Member.id == Attempt.member_id)
            .where(Attempt.state == AttemptState.MARKED, Member.member_no.not_in(accounts))
            .order_by(Attempt.submitted_at.desc(), Attempt.id)
            .limit(1)
        ).first()
        if found is not None:
            secretary = founding.acting(session, "secretary", now)
            voiding.void(session, secretary, found, VOID_REASON, now=now)
