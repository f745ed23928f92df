"""Whatever a program sends to the API: never a 5xx, and always a status and a shape that are documented.

Most cases name what is there, so that they come further than a 404, and some say what fits it. Each operation
must have succeeded at least once for whoever may do it: refusals alone would prove little.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from studyhub.db.database import Database
from studyhub.exams.attempts import closing, starting
from studyhub.organization import sessions
from studyhub.organization.actor import Actor
from studyhub.organization.roles import Role
from studyhub.tasks import operations as tasks
from tests.factories import courses, exams
from tests.factories import organization as make
from tests.factories.organization import PASSWORD
from tests.factories.questions import file_text, import_bank, singles

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
QUESTIONS = ["q1", "q2", "q3", "q4", "q5", "q6"]
SOURCE = "source: {document: 章程, version: '2022'}\n"
REVIEW = dict.fromkeys(("score", "answers", "explanations"), "submitted")
SLUGS = {"banks": "bank", "exams": "quiz", "courses": "cyber-basics"}
IN_BODIES: dict[str, object] = {
    "answer": "A",
    "bank": "begun",
    "current_password": PASSWORD,
    "document": "章程",
    "epoch": 1,
    "member_no": "member",
    "number": 1,
    "password": PASSWORD,
    "questions": QUESTIONS[:2],
    "version": "2022",
}
"""What a body must say to be about something that is there."""
EXAMPLES = 10
INVENTED, PATH_IS_REAL, BODY_IS_REAL = range(3)
HOW_REAL = st.sampled_from([PATH_IS_REAL, BODY_IS_REAL, INVENTED, BODY_IS_REAL, PATH_IS_REAL])
"""Most cases are about what is there."""


@dataclass
class World:
    """A bank with a past, an exam drawn from it, a course, a task; and who calls."""

    app: Flask
    database: Database
    now: datetime
    people: dict[str, Actor]
    lessons: dict[str, int]
    tasks: dict[str, int]
    counter: Iterator[int] = field(default_factory=itertools.count)

    def token(self, who: str) -> str:
        member_id = self.people[who].member_id
        assert member_id is not None
        with self.database.write() as session:
            return sessions.open_session(session, member_id, self.now)[0]

    def attempt(self, who: str, *, handed_in: bool) -> int:
        """A new one; the one before is handed in for it. `handed_in`: so is this one."""
        actor = self.people[who]
        with self.database.write() as session:
            started = starting.start(session, actor, "quiz", seed=1, now=self.now)
            if not started.created:
                closing.submit(session, actor, started.attempt_id, now=self.now)
                started = starting.start(session, actor, "quiz", seed=1, now=self.now)
            if handed_in:
                closing.submit(session, actor, started.attempt_id, now=self.now)
        return started.attempt_id

    def file(self) -> str:
        """The bank with one more question each time."""
        return file_text("bank", singles([*QUESTIONS, f"n{next(self.counter)}"]), more=SOURCE)

    def plan(self, token: str) -> int:
        """An import that waits to be applied."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/yaml"}
        planned = self.app.test_client().post("/api/v1/banks/plans", data=self.file(), headers=headers)
        return int(planned.get_json().get("id", 0))

    def in_force(self, token: str) -> int:
        """The revision of q1."""
        headers = {"Authorization": f"Bearer {token}"}
        history = self.app.test_client().get("/api/v1/banks/bank/questions/q1/revisions", headers=headers)
        return next((each["number"] for each in history.get_json().get("items", ()) if each["in_force"]), 0)

    def make_path_real(self, case: schemathesis.Case, who: str, token: str) -> None:
        """Put what is there in place of what was invented."""
        of_what, end = case.path.split("/")[3], case.path.rsplit("/", 1)[1]
        there: dict[str, Callable[[], object]] = {
            "attempt_id": lambda: self.attempt(who, handed_in=end == "review"),
            "code": lambda: "home",
            "lesson_id": lambda: self.lessons[end],
            "member_no": lambda: "member",
            "name": lambda: "q1",
            "plan_id": lambda: self.plan(token),
            "position": lambda: 1 + case.path_parameters["position"] % 5,
            "slug": lambda: SLUGS[of_what],
            "task_id": lambda: self.tasks[who],
            "version": lambda: 2,
        }
        for name in case.path_parameters:
            case.path_parameters[name] = there[name]()

    def make_body_real(self, case: schemathesis.Case, token: str) -> None:
        """The same; a file becomes one that can be read."""
        if isinstance(case.body, dict):
            there = IN_BODIES | {"seen": self.in_force(token)} if "seen" in case.body else IN_BODIES
            case.body |= {key: value for key, value in there.items() if key in case.body}
        elif case.path in {"/api/v1/banks/check", "/api/v1/banks/plans"}:
            case.query, case.media_type, case.body = {}, "application/yaml", self.file().encode()


@pytest.fixture
def world(app: Flask, database: Database, now: datetime) -> World:
    with database.write() as session:
        root = make.branch(session, "root", now)
        home = make.branch(session, "home", now, parent=root)
        admin, member = (make.member(session, no, home, now) for no in ("admin", "member"))
        make.grant(session, admin, Role.ADMIN, now)
        people = {"admin": make.actor(admin, home, (Role.ADMIN, None)), "member": make.actor(member, home)}
        _, lessons = courses.course(session, now)
        waiting = {
            who: tasks.enqueue(session, "anything", {}, created_by=actor.member_id, now=now).id
            for who, actor in people.items()
        }
    for ids in (QUESTIONS, [*QUESTIONS, "q7"]):
        import_bank(database, file_text("bank", singles(ids), more=SOURCE), now)
    with database.write() as session:
        # Of a bank that no case names: an exam must still be drawn when everything was tried on the other.
        exams.bank(session, "untouched", exams.singles(5), now)
        sections = [{"title": "单选", "draw": 5, "from": ["untouched"]}]
        exams.exam(session, now, attempts="unlimited", sections=sections, review=REVIEW)
    by_report = {"watched": lessons["phishing"].id, "read": lessons["passwords"].id}
    return World(app, database, now, people, by_report, waiting)


def tried(world: World, who: str, operation: Any) -> Counter[int]:
    """How often each status was answered."""
    seen = Counter[int]()

    @given(case=operation.as_strategy(), how_real=HOW_REAL)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def try_it(case: schemathesis.Case, how_real: int) -> None:
        token = world.token(who)  # each time: some cases end the session
        if how_real >= PATH_IS_REAL:
            world.make_path_real(case, who, token)
        if how_real == BODY_IS_REAL:
            world.make_body_real(case, token)
        answer = case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
        seen[answer.status_code] += 1

    try_it()
    return seen


@pytest.mark.parametrize("who", ["admin", "member"])
def test_no_request_breaks_the_api(world: World, who: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", world.app)
    operations = [result.ok() for result in schema.get_all_operations()]
    statuses = {operation.label: tried(world, who, operation) for operation in operations}
    never = {label: seen for label, seen in statuses.items() if not seen.keys() & {200, 201, 204}}
    assert {label: seen for label, seen in never.items() if who == "admin" or 403 not in seen} == {}
    assert len(statuses) - len(never) > 10
