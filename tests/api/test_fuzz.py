"""Whatever a program sends to the API: never a 5xx, and always the shape that is documented."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from studyhub.db.database import Database
from studyhub.organization import sessions
from studyhub.organization.roles import Role
from tests.factories import organization as make

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]


@pytest.fixture
def api(app: Flask, database: Database, now: datetime) -> Any:
    """The documented API, called as an admin who may do nearly everything."""
    with database.write() as session:
        root = make.branch(session, "city", now)
        home = make.branch(session, "b1", now, parent=root)
        admin = make.member(session, "admin", home, now)
        make.grant(session, admin, Role.ADMIN, now)
        token, _ = sessions.open_session(session, admin.id, now)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    schema.config.update(headers={"Authorization": f"Bearer {token}"})
    return schema


def test_no_request_breaks_the_api(api: Any) -> None:
    tried = 0
    for operation in (result.ok() for result in api.get_all_operations()):

        @given(case=operation.as_strategy())
        @settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        def try_it(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=CHECKS)

        try_it()
        tried += 1
    assert tried > 0
