"""What runs outside of requests: the check of an upload, and the removal of uploads nobody applied."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from studyhub.courses import archive, import_run
from studyhub.courses.folder import CourseSource
from studyhub.courses.wording import faults_to_store
from studyhub.media.store import Store
from studyhub.tasks.context import Job, TaskRunner, WorkContext

CHECK_UPLOAD = "courses.check_upload"
KEPT_FOR_S = 24 * 3600


def uploads(data_dir: Path) -> Store:
    """Where uploaded archives wait for their plan to be applied."""
    return Store(data_dir, "uploads")


def check_upload(context: WorkContext) -> dict[str, Any]:
    """Unpack and read an archive, make its videos and pictures, and tell every fault.

    Who may import what is asked when the plan is shown: a task acts for nobody.
    """
    data_dir = context.settings.data_dir
    with tempfile.TemporaryDirectory(prefix="studyhub-course-") as folder:
        upload = uploads(data_dir).path(context.payload["archive"])
        place, faults = archive.unpack(upload, Path(folder, "course"))
        source = CourseSource()
        if faults:
            source.add(context.payload["name"], *faults)
        else:
            run = import_run.make(context, place, Store(data_dir), context.progress)
            import_run.keep(context, run, context.clock())
            source = run.source
    return {**context.payload, "faults": faults_to_store(source.faults)}


def sweep_uploads(context: WorkContext) -> None:
    """Remove archives that were uploaded more than a day ago."""
    uploads(context.settings.data_dir).sweep(context.clock().timestamp() - KEPT_FOR_S)


TASKS: dict[str, TaskRunner] = {CHECK_UPLOAD: check_upload}
JOBS = (Job("courses.sweep_uploads", 3600, sweep_uploads),)
