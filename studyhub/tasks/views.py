"""The page of one piece of long work: how far it is, and where its result is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from studyhub.kernel.permissions import Permission
from studyhub.tasks import queries
from studyhub.web.errors import sentence
from studyhub.web.guard import Room
from studyhub.web.identity import current_actor
from studyhub.web.transaction import current_session

_INTERRUPTED = _("The work was interrupted, and nothing half-done was kept. You can start it again.")

room = Room(
    "tasks",
    __name__,
    refusals={
        "task_crashed": _(
            "Something went wrong on our side. Nothing half-done was kept. Please tell an admin."
        ),
        "task_died": _INTERRUPTED,
        "task_lost": _INTERRUPTED,
    },
)

PAGES_KEY = "studyhub.task_pages"


@dataclass(frozen=True, slots=True)
class TaskPage:
    """How a room shows its kind of task: what it is called, and the page that its result leads to."""

    title: Any
    result_url: Callable[[Mapping[str, Any]], str]


@room.page("/tasks/<int:task_id>", permission=Permission.SIGNED_IN)
def show(task_id: int) -> ResponseReturnValue:
    """Progress while it runs (the page asks again by itself), then the way to the result."""
    task = queries.task(current_session(), task_id, seen_by=visible_to_actor())
    page: TaskPage | None = current_app.extensions.get(PAGES_KEY, {}).get(task.kind)
    failure = dict(task.failure or {})
    return render_template(
        "tasks/show.html",
        task=task,
        title=page.title if page else task.kind,
        result_url=page.result_url(task.result) if page and task.result is not None else None,
        why=sentence(failure.pop("code"), failure) if task.failure else None,
    )


def visible_to_actor() -> int | None:
    """Whose tasks the actor sees: one's own, or everybody's (None)."""
    actor = current_actor()
    return None if actor.may(Permission.VIEW_TASKS) else actor.member_id
