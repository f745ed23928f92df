"""The desk's pages of the banks: look into them; upload a file; its faults, or the plan; apply that plan.

A file of another format goes by the pages in uploads/ to its plan.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from studyhub.kernel.errors import NotFound, Unreadable
from studyhub.kernel.permissions import Permission
from studyhub.media.store import Store
from studyhub.questions import (
    finding,
    images,
    importing,
    jobs,
    listing,
    operations,
    plan_pages,
    queries,
    reviews,
    source,
    touching,
    wording,
)
from studyhub.questions.desk import wording as words
from studyhub.questions.difficulty import Band
from studyhub.questions.finding import Health, QuestionFilter
from studyhub.questions.formats import FORMATS, READ, detect, incoming
from studyhub.questions.formats import wording as said
from studyhub.questions.formats.exchange import Format, Source
from studyhub.questions.formats.to_markup import prompt_line
from studyhub.questions.formats.wording import NAMES, refusal
from studyhub.questions.importing import Doors
from studyhub.questions.matching import SAME_WORDS, Match
from studyhub.questions.models import BankPlan
from studyhub.questions.plan import Origin
from studyhub.questions.schema import bank_schema
from studyhub.questions.shown_plan import IDS_SHOWN, ShownPlan
from studyhub.questions.states import PlanState, ReviewState
from studyhub.questions.types import TYPES
from studyhub.questions.undoing import Undone
from studyhub.questions.uploads import bank_files, reading
from studyhub.questions.uploads.bank_files import Mistakes
from studyhub.tasks import operations as tasks
from studyhub.tasks.views import TaskPage, Way
from studyhub.web.clock import now
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import in_a_row, ngettext
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.identity import current_actor
from studyhub.web.layout import Entry
from studyhub.web.paging import page_request
from studyhub.web.schemas import schema_answer
from studyhub.web.services import clock, settings
from studyhub.web.transaction import current_session, read, write

room = Room("banks", __name__, refusals=wording.REFUSALS)
room.add_app_template_filter(prompt_line)

VIEW, MANAGE = Permission.VIEW_BANKS, Permission.MANAGE_BANKS
AT_ONCE = 500
"""Changes up to this number are applied while the browser waits."""

OTHER_SUFFIXES = (".yml", ".zip", ".txt")
"""How files of our formats end as well."""


@room.page("/admin/banks", permission=VIEW)
def index() -> ResponseReturnValue:
    """The banks that there are."""
    asked = page_request(listing.BANK_SORTS, sort="title")
    banks = listing.banks(current_session(), current_actor(), asked)
    return render_template(
        "banks/index.html", banks=banks, may_manage=_may_manage(), wording=wording, words=words
    )


@room.page("/admin/banks/<slug>", permission=VIEW)
def show(slug: str) -> ResponseReturnValue:
    """One bank and its questions; the key only for who may change them."""
    session = current_session()
    bank = listing.bank(session, current_actor(), slug)
    wanted, facets = wanted_by(request.args), finding.facets(session, bank)
    return render_template(
        "banks/show.html",
        bank=bank,
        facets=facets,
        today=wanted.today,
        wanted=wanted,
        tags=_tag_choices(facets, wanted.tag),
        band_of=finding.band_of_question,
        may_manage=_may_manage(),
        wording=wording,
        words=words,
        **_questions(session, bank, wanted),
    )


def _questions(session: Session, bank: listing.BankRow, wanted: QuestionFilter) -> dict[str, Any]:
    """A page of the questions that are wanted, with what there is to say beside each."""
    found = finding.questions(session, bank, page_request(finding.QUESTION_SORTS, sort="place"), wanted)
    shown = [revision.id for revision in found.items]
    return {
        "questions": found,
        "warned": finding.ailments(session, bank, shown),
        "reviews": reviews.of_revisions(session, shown),
    }


@room.get("/schemas/bank.json", permission=Permission.PUBLIC, transaction=None)
def schema() -> ResponseReturnValue:
    """The JSON Schema of the bank file, for editors: they do not sign in, and it tells nothing of ours."""
    return schema_answer(bank_schema())


@room.page("/admin/banks/import", permission=MANAGE)
def upload_form() -> ResponseReturnValue:
    """Where a file is chosen, and what it looks like."""
    return _upload_page()


@room.post("/admin/banks/import", permission=MANAGE, transaction=None, max_body=source.LARGEST + 65_536)
def upload() -> ResponseReturnValue:
    """Check the file: every fault beside its line, or on to the plan."""
    file = request.files.get("file")
    if file is None or not file.filename:
        flash(_("Choose a file first."), "error")
        return _upload_page(), 422
    try:
        return _received(Source(file.read(), file.filename), file.filename)
    except Unreadable as error:
        flash(refusal(error), "error")
        return _upload_page(), 422


def _received(arrived: Source, name: str) -> ResponseReturnValue:
    """On to where a file of this format and size is read. Raises Unreadable."""
    origin = FORMATS.get(request.form.get("from", "")) or detect(arrived)
    packed = zlib.compress(arrived.data, 1)
    if incoming.is_foreign(origin):
        return redirect(url_for("bank_uploads.show", upload_id=_keep(name, packed, origin)))
    if len(packed) > reading.LARGE:
        upload_id = _keep(name, packed, origin)
        return redirect(url_for("tasks.show", task_id=_enqueue(jobs.CHECKING_KIND, upload_id=upload_id)))
    came_to = bank_files.plan(_doors(), arrived, origin, Store(settings().data_dir))
    if isinstance(came_to, Mistakes):
        # The check is done, and this is its result: the answer is no error.
        return _upload_page(came_to, name)
    return redirect(url_for("banks.plan", plan_id=came_to.plan_id))


def _keep(name: str, packed: bytes, origin: Format) -> int:
    """Keep a file: until it is said which bank it becomes, or, a large bank file, until it is checked."""
    file = Origin(file_name=name, packed=packed)
    with write() as session:
        return operations.keep_upload(session, current_actor(), file, origin.name, now())


@room.page("/admin/banks/import/<int:upload_id>", permission=MANAGE, transaction=None)
def mistakes(upload_id: int) -> ResponseReturnValue:
    """What is wrong with a large bank file that was checked as a task."""
    with read() as session:
        upload = queries.kept_upload(session, current_actor(), upload_id)
    if incoming.is_foreign(FORMATS[upload.form]):
        raise NotFound
    return _upload_page(bank_files.mistakes_of(_doors(), upload), upload.file_name)


@room.page("/admin/banks/plans/<int:plan_id>", permission=MANAGE, transaction=None)
def plan(plan_id: int) -> ResponseReturnValue:
    """What the import would do, and the warnings about the file; once it is done, the bank."""
    if done := _applied(plan_id):
        return done
    kept, shown = importing.look(_doors(), plan_id)
    with read() as session:
        touches = touching.of_plan(session, current_actor(), shown.plan, now())
        part = plan_pages.look(session, shown, page_request(), request.args.get("kind", ""))
    return render_template(
        "banks/plan.html",
        plan_id=plan_id,
        shown=shown,
        part=part,
        touches=touches,
        wording=wording,
        said=said,
        words=words,
        **_of_its_file(kept, shown),
    )


def _applied(plan_id: int) -> ResponseReturnValue | None:
    """The way to the bank if the actor's own plan has been applied. Raises NotFound."""
    with read() as session:
        kept = queries.kept_plan(session, current_actor(), plan_id)
    if kept.state is not PlanState.APPLIED:
        return None
    flash(_("This import has already been applied."), "info")
    return redirect(url_for("banks.show", slug=kept.bank_slug))


def _of_its_file(kept: BankPlan, shown: ShownPlan) -> dict[str, Any]:
    """The plan, the file, which of its questions were recognised, and how those began whose words differ."""
    matches = [Match(*written) for written in kept.matches]
    alike = [match.known for match in matches if match.percent < SAME_WORDS]
    with read() as session:
        was = queries.prompts(session, shown.plan.bank, alike[:IDS_SHOWN])
    in_words = {name: images.in_words(prompt) for name, prompt in was.items()}
    return {
        "plan": shown.plan,
        "unread": shown.unread if shown.plan.retired else 0,
        "file_name": kept.file_name,
        "upload_id": kept.upload_id,
        "matches": matches,
        "was": in_words,
        "prompts": {**in_words, **shown.prompts},
        "ids_shown": IDS_SHOWN,
    }


@room.post("/admin/banks/plans/<int:plan_id>", permission=MANAGE, transaction=None)
def apply(plan_id: int) -> ResponseReturnValue:
    """Apply exactly that plan: at once, or as a task when it is large."""
    doors = _doors()
    with read() as session:
        kept = queries.kept_plan(session, doors.actor, plan_id)
        overtaken = queries.is_overtaken(session, kept)
    # A large one is made again by the task: reading its file alone takes longer than anybody waits.
    if kept.steps > AT_ONCE and kept.state is PlanState.SHOWN and not overtaken:
        return redirect(url_for("tasks.show", task_id=_enqueue(jobs.IMPORT_KIND, plan_id=plan_id)))
    prepared = importing.prepare(doors, plan_id)
    importing.apply(doors, [prepared])
    flash(_("The bank is up to date."), "success")
    return redirect(url_for("banks.show", slug=prepared.bank.slug))


def _enqueue(kind: str, **payload: Any) -> int:
    actor = current_actor()
    payload["clearance"] = actor.clearance
    with write() as session:
        return tasks.enqueue(session, kind, payload, created_by=actor.member_id, now=now()).id


def _upload_page(mistakes: Mistakes | None = None, file_name: str = "") -> str:
    return render_template(
        "banks/upload.html",
        mistakes=mistakes,
        file_name=file_name,
        wording=wording,
        format_names={name: NAMES[name] for name in READ},
        suffixes=sorted({made.suffix for made in FORMATS.values() if made.read} | set(OTHER_SUFFIXES)),
        words=words,
    )


def _doors() -> Doors:
    return Doors(read, write, current_actor(), clock())


def _may_manage() -> bool:
    return bool(current_actor().may(MANAGE))


def wanted_by(arguments: Mapping[str, str]) -> QuestionFilter:
    """The filter of a query string or a form. What makes no sense is taken as not said."""

    def one_of(key: str, known: Collection[str]) -> str:
        given = arguments.get(key, "")
        return given if given in known else ""

    return QuestionFilter(
        today=now().astimezone(settings().zone).date(),
        search=arguments.get("q", "").strip()[:100],
        type=one_of("type", TYPES),
        band=one_of("difficulty", list(Band)),
        tag=arguments.get("tag", "")[:200],
        health=one_of("health", list(Health)),
        state=one_of("state", list(ReviewState)),
    )


def _tag_choices(facets: finding.Facets, chosen: str) -> list[tuple[str, str]]:
    """Every tag with how many questions carry it; one that none carries any more stays as long as chosen."""
    counted = {**dict.fromkeys([chosen] if chosen else [], 0), **facets.tags}
    return [(tag, f"{tag} ({count})") for tag, count in counted.items()]


NAVIGATION: tuple[Entry, ...] = (
    Entry(_l("Question banks"), "banks.index", VIEW, "bank", 50, "/admin/banks"),
)


def _bank_of(result: Mapping[str, Any]) -> Way:
    return Way(_l("To the question bank"), url_for("banks.show", slug=result["bank"]))


def _banks(_payload: Mapping[str, Any]) -> Way:
    return Way(_l("Question banks"), url_for("banks.index"))


def _plan_of(payload: Mapping[str, Any]) -> Way:
    return Way(_l("See the plan again"), url_for("banks.plan", plan_id=payload["plan_id"]))


def _list_of(payload: Mapping[str, Any]) -> Way:
    return Way(_l("Question bank"), url_for("banks.show", slug=payload["slug"]))


def _brought_in(result: Mapping[str, Any]) -> str:
    return _("New: %(created)s, changed: %(changed)s, retired: %(retired)s.", **result)


def _change_of(result: Mapping[str, Any]) -> Way:
    """To where the change can be undone; what only moved on has made none."""
    if not result.get("version"):
        return _bank_of(result)
    change = url_for("bank_desk.change", slug=result["bank"], version=result["version"])
    return Way(_l("See the change, or undo it"), change)


def _changed(result: Mapping[str, Any]) -> str:
    if "version" in result:
        return ngettext("%(num)s question changed.", "%(num)s questions changed.", result["changed"])
    return ngettext("%(num)s question moved on.", "%(num)s questions moved on.", result["done"])


def _upload_of(payload: Mapping[str, Any]) -> Way:
    return Way(_l("What was read"), url_for("bank_uploads.show", upload_id=payload["upload_id"]))


def _uploads(_payload: Mapping[str, Any]) -> Way:
    return Way(_l("Upload a bank"), url_for("banks.upload_form"))


def _checked(result: Mapping[str, Any]) -> Way:
    if "plan_id" in result:
        return _planned(result)
    return Way(_l("See the mistakes"), url_for("banks.mistakes", upload_id=result["upload_id"]))


def _planned(result: Mapping[str, Any]) -> Way:
    return Way(_l("On to the plan"), url_for("banks.plan", plan_id=result["plan_id"]))


def _changes_of(result: Mapping[str, Any]) -> Way:
    return Way(_l("Changes"), url_for("bank_desk.changes", slug=result["bank"]))


def _undone(result: Mapping[str, Any]) -> str:
    return in_a_row(*(line for _kind, line in words.undone_lines(Undone(result["done"], result["kept"]))))


def _formats_of(payload: Mapping[str, Any]) -> Way:
    form = url_for("bank_export.form", slug=payload["slug"], to=payload["form"])
    return Way(_l("Download as a file"), form)


def _made(result: Mapping[str, Any]) -> Way:
    made = url_for("bank_export.made", slug=result["bank"], made_id=result["made_id"])
    return Way(_l("To the file"), made)


TASK_PAGES = {
    jobs.CHECKING_KIND: TaskPage(
        _l("Checking a bank file"), _uploads, _checked, again=_uploads, goes_on=True
    ),
    jobs.READING_KIND: TaskPage(_l("Reading a file"), _uploads, _upload_of, again=_upload_of, goes_on=True),
    jobs.PLANNING_KIND: TaskPage(
        _l("Comparing a file with the bank"), _upload_of, _planned, again=_upload_of, goes_on=True
    ),
    jobs.IMPORT_KIND: TaskPage(_l("Importing a question bank"), _banks, _bank_of, _brought_in, _plan_of),
    jobs.BULK_KIND: TaskPage(_l("Changing many questions"), _list_of, _change_of, _changed),
    jobs.UNDO_KIND: TaskPage(_l("Undoing a change"), _list_of, _changes_of, _undone),
    jobs.EXPORT_KIND: TaskPage(
        _l("Writing a question bank into a file"), _formats_of, _made, again=_formats_of, goes_on=True
    ),
}
