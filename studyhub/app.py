"""The factory: a list of named steps, and the lists of who listens to what and what runs when."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask

from studyhub.config import Settings
from studyhub.courses import jobs as courses_jobs
from studyhub.courses import models as courses_models
from studyhub.courses import views as courses_views
from studyhub.db.database import Database
from studyhub.exams import jobs as exams_jobs
from studyhub.exams import models as exams_models
from studyhub.exams import touched as exams_touched
from studyhub.exams import views as exams_views
from studyhub.exams.taking import forms as taking_forms
from studyhub.exams.taking import views as taking_views
from studyhub.kernel.clock import Clock, system_clock
from studyhub.kernel.events import (
    AttemptMarked,
    AttemptStarted,
    AttemptVoided,
    BranchMoved,
    DrawersAsked,
    DrawsAsked,
    ExamChanged,
    ExamPublished,
    ExamsAsked,
    Listeners,
    MemberJoined,
    MemberLeft,
    MemberMoved,
    MemberReturned,
    MembersChanged,
    PapersAsked,
)
from studyhub.media import jobs as media_jobs
from studyhub.media import models as media_models
from studyhub.media import views as media_views
from studyhub.organization import jobs as organization_jobs
from studyhub.organization import models as organization_models
from studyhub.organization import sessions
from studyhub.organization import views as organization_views
from studyhub.organization.sign_in import operations as sign_in
from studyhub.organization.trail import operations as trail
from studyhub.questions import api as questions_api
from studyhub.questions import jobs as questions_jobs
from studyhub.questions import models as questions_models
from studyhub.questions import views as questions_views
from studyhub.questions.beginning import views as beginning_views
from studyhub.questions.bulk import views as bulk_views
from studyhub.questions.desk import api as desk_api
from studyhub.questions.desk import hooks as desk_hooks
from studyhub.questions.desk import views as desk_views
from studyhub.questions.editor import views as editor_views
from studyhub.questions.exporting import models as exporting_models
from studyhub.questions.exporting import views as exporting_views
from studyhub.questions.fixing import views as questions_fixing
from studyhub.questions.sources import api as sources_api
from studyhub.questions.sources import views as sources_views
from studyhub.questions.uploads import views as questions_uploads
from studyhub.scoring import listeners as scoring_listeners
from studyhub.scoring import models as scoring_models
from studyhub.scoring import views as scoring_views
from studyhub.tasks import api as tasks_api
from studyhub.tasks import models as tasks_models
from studyhub.tasks import views as tasks_views
from studyhub.tasks.context import Job, TaskRunner
from studyhub.web import setup
from studyhub.web.guard import Room
from studyhub.web.layout import Entry
from studyhub.web.services import Services

# The metadata knows a table when its module was imported: every room with tables is here.
TABLES = (
    organization_models,
    tasks_models,
    media_models,
    questions_models,
    exporting_models,
    exams_models,
    courses_models,
    scoring_models,
)

LISTENERS: Listeners = {
    AttemptMarked: (scoring_listeners.refold_standing,),
    AttemptStarted: (scoring_listeners.begin_standing,),
    AttemptVoided: (scoring_listeners.refold_standing,),
    BranchMoved: (scoring_listeners.settle_branch,),
    ExamChanged: (scoring_listeners.settle_exam,),
    ExamPublished: (scoring_listeners.settle_exam,),
    MemberJoined: (scoring_listeners.settle_member,),
    MemberLeft: (scoring_listeners.settle_member,),
    MemberMoved: (scoring_listeners.settle_member,),
    MemberReturned: (scoring_listeners.settle_member,),
    MembersChanged: (scoring_listeners.settle_members,),
    DrawersAsked: (exams_touched.are_drawn_from,),
    DrawsAsked: (exams_touched.exams_stopped,),
    ExamsAsked: (exams_touched.exams_drawing,),
    PapersAsked: (exams_touched.papers_with,),
}
"""Who hears what, in this order, in the transaction of the event."""

TASKS: dict[str, TaskRunner] = {**organization_views.TASKS, **questions_jobs.TASKS, **courses_jobs.TASKS}
"""The kinds of long work."""

TASK_PAGES: dict[str, tasks_views.TaskPage] = {
    **organization_views.TASK_PAGES,
    **questions_views.TASK_PAGES,
    **courses_views.TASK_PAGES,
}
"""How each kind of task is shown to who started it."""

DESK_HOOKS = desk_hooks.DeskHooks(preview=taking_forms.preview)
"""What the desk of the banks asks of higher rooms."""

ROOMS: Sequence[Room] = (
    tasks_views.room,
    tasks_api.room,
    *organization_views.ROOMS,
    *media_views.ROOMS,
    questions_views.room,
    desk_views.room,
    questions_uploads.room,
    editor_views.room,
    beginning_views.room,
    bulk_views.room,
    sources_views.room,
    exporting_views.room,
    questions_fixing.room,
    questions_api.room,
    desk_api.room,
    sources_api.room,
    *exams_views.ROOMS,
    *courses_views.ROOMS,
    taking_views.room,
    *scoring_views.ROOMS,
)
"""The rooms that answer requests."""

NAVIGATION: Sequence[Entry] = (
    *scoring_views.NAVIGATION,
    *organization_views.NAVIGATION,
    *questions_views.NAVIGATION,
    *exams_views.NAVIGATION,
    *courses_views.NAVIGATION,
)
"""What the navigation offers; each reader sees what their roles allow."""

SCHEDULE: Sequence[Job] = (
    *organization_jobs.JOBS,
    *media_jobs.JOBS,
    *exams_jobs.JOBS,
    *courses_jobs.JOBS,
    *questions_jobs.JOBS,
)
"""What the ticker runs, and how often."""


def create_app(
    settings: Settings | None = None, *, clock: Clock = system_clock, database: Database | None = None
) -> Flask:
    """The WSGI application. Tests pass a clock and a database; everybody else the environment."""
    settings = settings or Settings.from_environment()
    app = Flask("studyhub", static_folder=None)
    app.secret_key = settings.secret_key
    app.extensions["studyhub.settings"] = settings
    app.extensions["studyhub.clock"] = clock
    app.extensions["studyhub.database"] = database or Database(
        settings.database_url, LISTENERS, settings.lock_timeout_s
    )
    app.extensions[tasks_views.PAGES_KEY] = TASK_PAGES
    app.extensions[desk_hooks.KEY] = DESK_HOOKS
    setup.prepare(
        app,
        Services(
            identify=sessions.identify,
            remember_choice=sign_in.remember_choice,
            record_refusal=trail.record_refusal,
        ),
    )
    for room in ROOMS:
        app.register_blueprint(room)
    setup.finish(app, NAVIGATION)
    return app
