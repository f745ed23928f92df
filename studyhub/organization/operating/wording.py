"""What the doctor says, and the refusals of backups, in the reader's language."""

from __future__ import annotations

from typing import Any

from studyhub.organization.operating.doctor import Finding, State
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import lazy_gettext as _l

CHECKS: dict[str, Any] = {
    "admin": _l("An administrator exists"),
    "chain": _l("The audit trail goes on where it ended"),
    "database": _l("The database answers"),
    "disk": _l("Room on the disk"),
    "font": _l("The font for charts and slips"),
    "integrity": _l("The database file is sound"),
    "scheduler": _l("The scheduler is running"),
    "schema": _l("The schema is of this version"),
    "seals": _l("The audit trail is being sealed"),
}

REMEDIES: dict[str, Any] = {
    "admin": _l("Import a member with the role admin: studyhub members import."),
    "chain": _l(
        "Run studyhub audit verify, and keep a copy of the database: the end of the trail was cut off."
    ),
    "database": _l("Check STUDYHUB_DATABASE_URL and that the server is up."),
    "disk": _l("Less than 1 GB is free: make room."),
    "font": _l("Install the package zhplot."),
    "integrity": _l("Stop StudyHub and restore the last backup."),
    "scheduler": _l("Start it beside the server: studyhub scheduler."),
    "schema": _l("Run studyhub db upgrade."),
    "seals": _l("Entries wait for more than a minute: is the scheduler running?"),
}

REFUSALS: dict[str, Any] = {
    "backup_damaged": _l("The backup is damaged: %(file)s is not what the manifest says."),
    "backup_not_found": _l("There is no backup in %(folder)s."),
    "backup_of_another_engine": _l("The backup is of a database on %(engine)s."),
    "backup_of_another_version": _l("The backup was made by another version of StudyHub."),
    "backup_target_not_empty": _l("%(folder)s is there already and is not empty."),
    "database_not_set_up": _l("The database is not set up: run studyhub db upgrade."),
    "restore_needs_other_secret": _l(
        "STUDYHUB_SECRET_KEY is not the key of the backup. Set it to the text in the backup's file %(file)s."
    ),
    "restore_under_way": _l("A backup is being restored into %(folder)s. Start again when it is done."),
    "studyhub_is_running": _l(
        "A server or a scheduler is at work on %(folder)s. Stop both first: "
        "what they write meanwhile would be lost."
    ),
    "restore_target_not_empty": _l("There are members here already. --force replaces them by the backup."),
}


def line(finding: Finding) -> str:
    """One line for a person: what was looked at, how it is, and what to do."""
    mark = {State.OK: "✓", State.WARNING: "!", State.ERROR: "✗"}[finding.state]
    remedy = "" if finding.state is State.OK else f" – {REMEDIES[finding.check]}"
    why = f" ({finding.params['why']})" if "why" in finding.params else ""
    return f"{mark} {CHECKS[finding.check]}{remedy}{why}"


def summary(made: int, total_bytes: int) -> str:
    """How much a backup holds."""
    return _("%(count)s files, %(mb)s MB", count=made, mb=round(total_bytes / 1_000_000, 1))
