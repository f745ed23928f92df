"""The page of one piece of long work: how far it is, and where its result is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from studyhub.kernel.permissions import Permission
from studyhub.tasks import queries
from studyhub.tasks.models import Task
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
class Way:
    """A page to go to, and what its link says."""

    label: Any
    url: str


def _nothing_to_tell(_result: Mapping[str, Any]) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class TaskPage:
    """How a room shows its kind of task.

    By the task's payload: `origin` is the page that it was begun on, `again` where one tries again when it
    failed. By its result, when it is done: `onward` is what comes next, `told` what came of it in a sentence.
    `goes_on`: it only prepares what comes next, so that nobody is asked to go there.
    """

    title: Any
    origin: Callable[[Mapping[str, Any]], Way]
    onward: Callable[[Mapping[str, Any]], Way]
    told: Callable[[Mapping[str, Any]], str] = _nothing_to_tell
    again: Callable[[Mapping[str, Any]], Way] | None = None
    goes_on: bool = False


@room.page("/tasks/<int:task_id>", permission=Permission.SIGNED_IN)
def show(task_id: int) -> ResponseReturnValue:
    """Progress while it runs (the page asks again by itself), then the way to the result."""
    task = queries.task(current_session(), task_id, seen_by=visible_to_actor())
    page: TaskPage | None = current_app.extensions.get(PAGES_KEY, {}).get(task.kind)
    if page and page.goes_on and task.result is not None:
        return redirect(page.onward(task.result).url)
    failure = dict(task.failure or {})
    return render_template(
        "tasks/show.html",
        task=task,
        title=page.title if page else task.kind,
        origin=page.origin(task.payload) if page else None,
        onward=_onward(page, task) if page else None,
        told=page.told(task.result) if page and task.result is not None else "",
        why=sentence(failure.pop("code"), failure) if task.failure else None,
    )


def _onward(page: TaskPage, task: Task) -> Way | None:
    if task.result is not None:
        return page.onward(task.result)
    return page.again(task.payload) if page.again and task.failure else None


def visible_to_actor() -> int | None:
    """Whose tasks the actor sees: one's own, or everybody's (None)."""
    actor = current_actor()
    return None if actor.may(Permission.VIEW_TASKS) else actor.member_id
