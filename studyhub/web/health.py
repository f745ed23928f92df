"""Whether the process runs and whether the database answers, for load balancers and monitors."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from studyhub.kernel.errors import Unavailable
from studyhub.kernel.permissions import Permission
from studyhub.web.guard import Room
from studyhub.web.transaction import read

room = Room("health", __name__)


@room.get("/healthz", permission=Permission.PUBLIC, transaction=None)
def process() -> ResponseReturnValue:
    """The process answers."""
    return Response("ok\n", content_type="text/plain")


@room.get("/readyz", permission=Permission.PUBLIC, transaction=None)
def database() -> ResponseReturnValue:
    """The database answers too; 503 when it does not."""
    try:
        with read() as session:
            session.execute(text("SELECT 1"))
    except Unavailable:
        return Response("unavailable\n", 503, content_type="text/plain", headers={"Retry-After": "2"})
    return Response("ready\n", content_type="text/plain")
