"""A task for programs: its state, progress, and result or failure."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from studyhub.kernel.permissions import Permission
from studyhub.tasks import queries
from studyhub.tasks.models import TaskState
from studyhub.tasks.views import visible_to_actor
from studyhub.web.api import answers, spec
from studyhub.web.guard import Room
from studyhub.web.transaction import current_session

room = Room("tasks_api", __name__)


class TaskAnswer(BaseModel):
    """`result` is there when `state` is done, `failure` (with a `code`) when it is failed."""

    id: int
    kind: str
    state: TaskState
    done: int
    total: int | None
    result: dict[str, Any] | None
    failure: dict[str, Any] | None


@room.get("/api/v1/tasks/<int:task_id>", permission=Permission.SIGNED_IN)
@spec.validate(resp=answers(HTTP_200=TaskAnswer), tags=["tasks"])
def show_task(task_id: int) -> ResponseReturnValue:
    """How far a piece of long work is."""
    task = queries.task(current_session(), task_id, seen_by=visible_to_actor())
    return TaskAnswer.model_validate(task, from_attributes=True).model_dump(mode="json")
