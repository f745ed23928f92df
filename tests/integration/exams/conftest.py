"""One branch, two members, a bank of twelve singles, and an exam that draws five of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest

from studyhub.db.database import Database
from studyhub.organization.actor import Actor
from studyhub.organization.roles import Role
from tests.factories import exams, organization


@dataclass(frozen=True)
class Hall:
    """Who is there."""

    member: Actor
    other: Actor
    leader: Actor
    stranger: Actor


@pytest.fixture
def hall(database: Database, now: datetime) -> Hall:
    """The people; the exam `quiz` is published."""
    with database.write() as session:
        root = organization.branch(session, "root", now)
        home = organization.branch(session, "home", now, parent=root)
        away = organization.branch(session, "away", now, parent=root)
        people = {
            number: organization.member(session, number, where, now)
            for number, where in (("m1", home), ("m2", home), ("boss", home), ("far", away))
        }
        organization.grant(session, people["boss"], Role.LEADER, now, over=home)
        exams.bank(session, "bank", exams.singles(12), now)
        exams.exam(session, now)
        return Hall(
            organization.actor(people["m1"], home),
            organization.actor(people["m2"], home),
            organization.actor(people["boss"], home, (Role.LEADER, home)),
            organization.actor(people["far"], away),
        )
