"""A large file takes effect as a task: nobody waits for a page, and progress is seen."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.organization.actor import SYSTEM
from studyhub.organization.imports import jobs, staging, views
from studyhub.organization.imports.kinds import MEMBERS
from studyhub.organization.imports.staging import UploadedFile
from studyhub.organization.members.ending import end_grants
from studyhub.organization.models import AuditEntry, Branch, Grant, Member
from studyhub.organization.roles import Role
from studyhub.organization.states import MemberStatus
from studyhub.tasks import operations as tasks
from studyhub.tasks import running
from tests.factories import organization as make
from tests.factories.tasks import Progress, do_waiting
from tests.web.organization.conftest import Browse

MANY = 250
PLACE = "/admin/members/import"


@pytest.fixture(autouse=True)
def _everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "AT_ONCE_BYTES", 1_000)
    monkeypatch.setattr(running, "REPORT_EVERY_S", 0)


def people(count: int) -> str:
    return "member_no,name,branch\n" + "".join(f"n{n},成员{n},east-1\n" for n in range(count))


def ask_for(browser: Any, content: str) -> TestResponse:
    """Upload, and say yes to the plan that is shown."""
    given = {"file": (BytesIO(content.encode()), "名单.csv")}
    plan = browser.post(PLACE, given).headers["Location"]
    digest = re.search(r'name="digest" value="(\w+)"', browser.text(plan))
    assert digest
    answer: TestResponse = browser.post(plan, {"digest": digest.group(1)})
    return answer


def do_it(database: Database, settings: Settings, now: datetime) -> Progress:
    return do_waiting(database, settings, now, jobs.TASKS)


def test_a_large_file_takes_effect_part_by_part_in_the_name_of_who_asked(
    browse: Browse, database: Database, settings: Settings, now: datetime
) -> None:
    browser = browse("admin")
    place = ask_for(browser, people(MANY)).headers["Location"]
    assert place.startswith("/tasks/")
    assert 'href="/admin/members"' in browser.text(place)
    assert do_it(database, settings, now) == [(1, 3), (2, 3), (3, 3)]
    assert f"{MANY} 行已生效" in browser.text(place)
    with database.read() as session:
        assert session.scalar(select(func.count()).where(Member.member_no.like("n%"))) == MANY
        admin = session.scalars(select(Member.id).where(Member.member_no == "admin")).one()
        of_import = select(AuditEntry.actor_id).where(AuditEntry.act == "members_imported")
        assert session.scalars(of_import).all() == [admin]


def test_a_plan_that_is_another_by_then_changes_nothing_and_leads_back_to_it(
    browse: Browse, database: Database, settings: Settings, now: datetime
) -> None:
    browser = browse("admin")
    place = ask_for(browser, people(MANY)).headers["Location"]
    browser.post("/admin/members/new", {"member_no": "n7", "name": "先到", "branch": "east-1"})
    assert do_it(database, settings, now) == []
    page = browser.text(place)
    assert re.search(r'href="/admin/members/import/\d+"', page)
    assert "看过计划之后又有变动" in page
    with database.read() as session:
        assert session.scalar(select(func.count()).where(Member.member_no.like("n%"))) == 1


def test_as_a_task_it_reaches_no_further_than_who_asked_for_it(
    organisation: None, database: Database, settings: Settings, now: datetime
) -> None:
    content = people(MANY).replace("east-1", "west-1").encode()
    records = MEMBERS.read(content)
    with database.write() as session:
        east = session.scalars(select(Branch).where(Branch.code == "east")).one()
        of_east = make.member(session, "of-east", east, now)
        actor = make.actor(of_east, east, (Role.ADMIN, east))
        staged = staging.stage(session, actor, UploadedFile(MEMBERS.kind, "名单.csv", content), now)
        digest = staging.plan_digest(MEMBERS.plan(session, SYSTEM, records))
        payload = jobs.order(actor, MEMBERS.kind, staged, digest)
        tasks.enqueue(session, jobs.TASK_KINDS[MEMBERS.kind], payload, created_by=of_east.id, now=now)
    assert do_it(database, settings, now) == []
    with database.read() as session:
        assert session.scalar(select(func.count()).where(Member.member_no.like("n%"))) == 0


def test_as_a_task_it_does_nothing_for_who_may_not_import_any_more(
    browse: Browse, database: Database, settings: Settings, now: datetime
) -> None:
    place = ask_for(browse("admin"), people(MANY)).headers["Location"]
    with database.write() as session:
        admin = session.scalars(select(Member).where(Member.member_no == "admin")).one()
        end_grants(session, SYSTEM, Grant.member_id == admin.id, now)
    assert do_it(database, settings, now) == []
    assert place.startswith("/tasks/")
    with database.read() as session:
        assert session.scalar(select(func.count()).where(Member.member_no.like("n%"))) == 0


def test_as_a_task_it_sees_nobody_off_in_their_own_name(
    browse: Browse, database: Database, settings: Settings, now: datetime
) -> None:
    browser = browse("admin")
    place = ask_for(browser, "member_no,name,branch,status,roles\n" + own_exit()).headers["Location"]
    assert do_it(database, settings, now) == []
    assert place.startswith("/tasks/")
    with database.read() as session:
        held = select(Member.status).where(Member.member_no == "admin")
        assert session.scalars(held).one() is MemberStatus.ACTIVE


def own_exit() -> str:
    return "admin,,,left,-\n" + "".join(f"n{n},成员{n},east-1,,\n" for n in range(MANY))
