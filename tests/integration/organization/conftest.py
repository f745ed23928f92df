"""A small organisation: a city, two districts, a branch in each, and people with roles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from studyhub.db.database import Database
from studyhub.organization.actor import Actor
from studyhub.organization.imports.applying import Doors
from studyhub.organization.models import Branch, Member
from studyhub.organization.roles import Role
from studyhub.organization.states import BranchKind
from tests.conftest import SettableClock
from tests.factories import organization as make


@dataclass
class Town:
    """The branches and members of the tests, by their roles."""

    city: Branch
    east: Branch
    west: Branch
    east_1: Branch
    west_1: Branch
    admin: Member
    leader: Member
    li: Member
    wang: Member

    @property
    def as_admin(self) -> Actor:
        return make.actor(self.admin, self.city, (Role.ADMIN, None))

    @property
    def as_leader(self) -> Actor:
        """The leader of east, and so of east-1 too."""
        return make.actor(self.leader, self.east_1, (Role.LEADER, self.east))


@pytest.fixture
def town(session: Session, now: datetime) -> Town:
    return town_in(session, now)


def town_in(session: Session, now: datetime) -> Town:
    """The town, made in this transaction."""
    city = make.branch(session, "city", now)
    east = make.branch(session, "east", now, parent=city, kind=BranchKind.GENERAL_BRANCH)
    west = make.branch(session, "west", now, parent=city, kind=BranchKind.GENERAL_BRANCH)
    east_1 = make.branch(session, "east-1", now, parent=east)
    west_1 = make.branch(session, "west-1", now, parent=west)
    admin = make.member(session, "admin", city, now)
    make.grant(session, admin, Role.ADMIN, now)
    leader = make.member(session, "leader", east_1, now)
    make.grant(session, leader, Role.LEADER, now, over=east)
    li = make.member(session, "li", east_1, now, name="李秀兰", phone="13800138000")
    wang = make.member(session, "wang", west_1, now, name="王建国")
    return Town(city, east, west, east_1, west_1, admin, leader, li, wang)


class Turns:
    """A database's doors that note how many rows each write transaction wrote or asked for one by one."""

    def __init__(self, database: Database, clock: SettableClock) -> None:
        self.database = database
        self.rows: list[int] = []
        self.doors = Doors(database.read, self.write, clock)

    @contextmanager
    def write(self) -> Iterator[Session]:
        self.rows.append(0)

        def count(_c: Any, _cursor: Any, _text: str, parameters: Any, _x: Any, many: bool) -> None:
            self.rows[-1] += len(parameters) if many else 1

        event.listen(self.database.engine, "before_cursor_execute", count)
        try:
            with self.database.write() as session:
                yield session
        finally:
            event.remove(self.database.engine, "before_cursor_execute", count)
