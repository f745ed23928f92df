"""What the desk of the banks calls things, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from studyhub.kernel.events import ExamNamed, PapersFound
from studyhub.questions import wording
from studyhub.questions.bulk.acts import Done
from studyhub.questions.releasing import Outcome
from studyhub.questions.touching import Reach, Touches
from studyhub.questions.undoing import Undone
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.i18n import ngettext

HEALTH: dict[str, Any] = {
    "any": _l("To be looked at"),
    "warned": _l("Warnings of the checker"),
    "superseded": _l("Source no longer holds"),
    "review_due": _l("Day to look again has passed"),
    "unexplained": _l("No explanation"),
}

QUESTION_SORTS: dict[str, Any] = {
    "-changed": _l("Last changed first"),
    "-facility": _l("Easiest first"),
    "facility": _l("Hardest first"),
    "-points": _l("Most points first"),
}

STATES: dict[str, Any] = {
    "draft": _l("draft"),
    "reviewed": _l("reviewed"),
    "released": _l("released"),
}

ACTS: dict[str, Any] = {
    "tag": _l("Add a tag"),
    "untag": _l("Take a tag away"),
    "keep_out": _l("Keep out of new papers"),
    "let_in": _l("Let into new papers"),
    "review": _l("Mark as reviewed"),
    "release": _l("Release"),
    "draft": _l("Back to draft"),
    "move": _l("Move to another bank …"),
    "take_out": _l("Take out of the bank …"),
}
"""What can be done to many questions at once."""

BECOMING: dict[str, Any] = {
    "new": _l("New"),
    "brought_back": _l("Brought back"),
    "key_changed": _l("Key changed"),
    "cosmetic": _l("Changed, with the same key"),
    "retired": _l("Retired"),
}
"""What an import does to a question."""

MARKINGS: dict[str, dict[str, Any]] = {
    "multiple": {
        "": _l("each right one a share, none for a wrong one (usual)"),
        "exact": _l("all or nothing"),
        "under_half": _l("half for some of the right ones"),
        "net": _l("right ones less wrong ones"),
    },
    "order": {"": _l("all or nothing (usual)"), "pairs": _l("a share for each pair in order")},
}
"""How several are marked, as the editor offers it."""

CHANGE_KINDS: dict[str, Any] = {
    "import": _l("import"),
    "edit": _l("edited on the desk"),
    "restore": _l("an older revision restored"),
    "bulk": _l("many at once on the desk"),
    "move": _l("moved between banks"),
    "undo": _l("a change undone"),
    "review": _l("reviewed, released or a setting changed"),
    "begin": _l("begun on the desk"),
}

MOST_EXAMS = 10


def counted(papers: PapersFound) -> str:
    """How many there are, of what there are any: `2 open attempts, 1 result`."""
    parts = {
        ngettext("%(num)s open attempt", "%(num)s open attempts", papers.open_attempts): papers.open_attempts,
        ngettext("%(num)s past attempt", "%(num)s past attempts", papers.past_attempts): papers.past_attempts,
        ngettext("%(num)s result", "%(num)s results", papers.results): papers.results,
    }
    return _(", ").join(part for part, count in parts.items() if count)


def key_line(papers: PapersFound) -> str:
    """What another key touches; nothing where no paper has the question."""
    return _of_papers(papers, _l("Of another key: %(touched)s. They keep the key that they were drawn with."))


def _of_papers(papers: PapersFound, words: Any) -> str:
    return str(words) % {"touched": counted(papers)} if papers != PapersFound() else ""


def touched_lines(touches: Touches) -> list[str]:
    """What a plan touches, a sentence for each kind of change; none where nothing is touched."""
    retired = _l("Of retired questions: %(touched)s. They keep their questions.")
    told = (key_line(touches.key_changed), _of_papers(touches.retired, retired))
    lines = [line for line in told if line]
    if touches.essays_drawn_by:
        exams = _(", ").join(touches.essays_drawn_by[:MOST_EXAMS])
        said = _l(
            "%(count)s essays come in, and these exams could draw them: %(exams)s. A person reads essays: "
            "whoever meets one has no score until then."
        )
        lines.append(str(said) % {"count": touches.essays, "exams": exams})
    return lines


def exam_lines(reach: Reach) -> list[str]:
    """What a question that is being edited does to exams; none where it does nothing."""
    lines = []
    if reach.drawn_by:
        said = _l(
            "A person reads essays: whoever meets this one has no score until then. Exams that could draw "
            "it: %(exams)s."
        )
        lines.append(str(said) % {"exams": _(", ").join(reach.drawn_by[:MOST_EXAMS])})
    return lines + stopped_lines(reach.stopped)


def stopped_lines(exams: Sequence[ExamNamed]) -> list[str]:
    """That exams would stop, in one sentence; nothing where none does."""
    if not exams:
        return []
    titles = _(", ").join(exam.title for exam in exams[:MOST_EXAMS])
    return [_("These exams could be drawn no more, and nobody could start them: %(exams)s.", exams=titles)]


def act_lines(done: Done | Outcome, act: str) -> list[tuple[str, str]]:
    """What came of an act on many: the kind of a flash, and its sentence."""
    lines = [("warning", _("Not in the bank, and left alone: %(count)s.", count=done.missing))]
    lines = lines if done.missing else []
    if isinstance(done, Done):
        return [("success", _acted(act, done.changed) if done.version else _("Nothing was changed.")), *lines]
    moved = ngettext("%(num)s question moved on.", "%(num)s questions moved on.", done.done)
    if done.own:
        own = _("Your own, which somebody else must release: %(count)s.", count=done.own)
        lines.append(("warning", own))
    if done.elsewhere:
        elsewhere = _("Not where this step begins, and left alone: %(count)s.", count=done.elsewhere)
        lines.append(("warning", elsewhere))
    if lines and not done.done:
        return lines  # why none moved on says it all
    return [("success" if done.done else "warning", moved), *lines]


def _acted(act: str, count: int) -> str:
    if act == "move":
        return ngettext(
            "%(num)s question moved to the other bank.", "%(num)s questions moved to the other bank.", count
        )
    if act == "take_out":
        return ngettext(
            "%(num)s question taken out of the bank.", "%(num)s questions taken out of the bank.", count
        )
    return ngettext("%(num)s question changed.", "%(num)s questions changed.", count)


def undone_lines(undone: Undone) -> list[tuple[str, str]]:
    """What came of an undoing, in the same way."""
    done = ngettext("Undone for %(num)s question.", "Undone for %(num)s questions.", undone.done)
    kept = _("Changed once more since, and left as they are: %(count)s.", count=undone.kept)
    return [("success", done), *([("warning", kept)] if undone.kept else [])]


def key_name(key: str, part: str = "") -> str:
    """`Option A`: what a place in a question is called."""
    return f"{wording.KEYS.get(key, key)} {part}".strip()
