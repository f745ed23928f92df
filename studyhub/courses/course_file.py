"""`course.yaml` → a CourseFile, or every fault in it with its place. Its files are read in folder.py."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from studyhub.courses.course_keys import (
    CHAPTER,
    COURSE,
    EXTENSIONS,
    GRAMMAR,
    KINDS,
    LANGUAGES,
    LESSON,
    OWN,
    SOURCE,
    SPOKEN_KINDS,
    SPOKEN_LANGUAGES,
    SPOKEN_STATES,
    STATES,
)
from studyhub.kernel.faults import Fault, in_reading_order
from studyhub.questions import source
from studyhub.questions.document import Node
from studyhub.questions.fields import Fields, Flooded, Report, read_mapping
from studyhub.questions.levels import read_level
from studyhub.questions.syntax import read

MINIMUM = {"video": 80, "reading": 30}
"""The share that must be covered, in percent, where the file says nothing."""
LONGEST_READING_MIN = 240
MOST_LESSONS = 200
_PERCENT = re.compile(r"(\d{1,3})\s*%", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reference:
    """A file of the folder, or a branch's code, and where course.yaml names it."""

    name: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class LessonFile:
    """A lesson as the file describes it. `file` is a video, a slide script or a reading."""

    slug: str
    kind: str
    title: str
    summary: str
    file: Reference
    is_slides: bool
    captions: Reference | None
    minimum: int
    minutes: int | None


@dataclass(frozen=True, slots=True)
class ChapterFile:
    """A chapter and its lessons, in their order."""

    title: str
    lessons: tuple[LessonFile, ...]


@dataclass(frozen=True, slots=True)
class CourseFile:
    """A course as the file describes it. `branches` is empty when it is for everyone."""

    slug: str
    title: str
    language: str
    level: str
    summary: str
    state: str
    branches: tuple[Reference, ...]
    source: dict[str, str]
    chapters: tuple[ChapterFile, ...]

    @property
    def lessons(self) -> tuple[LessonFile, ...]:
        return tuple(lesson for chapter in self.chapters for lesson in chapter.lessons)


def check(data: bytes) -> tuple[CourseFile | None, list[Fault]]:
    """The course, when the file has no error; and its faults. Never raises for what is in it."""
    course, faults = read_through(data)
    return None if any(fault.is_error for fault in faults) else course, faults


def read_through(data: bytes) -> tuple[CourseFile | None, list[Fault]]:
    """As much of the course as can be read, errors or not: its files are checked too; and its faults."""
    text, fault = source.decode(data)
    if fault:
        return None, [fault]
    reading = read(text, GRAMMAR)
    report = Report(text, GRAMMAR, list(reading.faults))
    course = None
    try:
        if reading.root is not None:
            course = _Checker(report).course(reading.root)
    except Flooded:
        report.faults.append(Fault("too_many_faults", params={"count": len(report.faults)}))
    return course, in_reading_order(report.faults)


class _Checker:
    """One run over one file; gathers faults in `report`."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._ids: dict[str, Node] = {}

    def course(self, root: Node) -> CourseFile | None:
        fields = read_mapping(root, COURSE, self.report, "course")
        if fields is None:
            return None
        slug = fields.slug("course")
        title = fields.text("title", required=True)
        language = fields.choice("language", LANGUAGES, SPOKEN_LANGUAGES, required=True)
        level = read_level(fields)
        summary = fields.text("summary") or ""
        state = fields.choice("state", STATES, SPOKEN_STATES) or "published"
        branches = self._branches(fields)
        rests_on = self._source(fields)
        chapters = self._chapters(fields)
        told = (slug or "", title or "", language or "")  # what is absent was told as an error
        return CourseFile(*told, level, summary, state, branches, rests_on, chapters)

    def _branches(self, fields: Fields) -> tuple[Reference, ...]:
        found: dict[str, Reference] = {}
        for node in fields.items("for") or ():
            code = self.report.text_of(node, "for")
            if code:
                found.setdefault(code, Reference(code, node.line, node.column))
        return tuple(found.values())

    def _source(self, fields: Fields) -> dict[str, str]:
        inner = fields.mapping("source", SOURCE)
        if inner is None:
            return {}
        return {key: text for key in ("document", "version") if (text := inner.text(key))}

    def _chapters(self, fields: Fields) -> tuple[ChapterFile, ...]:
        nodes = fields.items("chapters", required=True)
        chapters = [chapter for node in nodes or () if (chapter := self._chapter(node))]
        self.report.subject = None
        if nodes is not None:
            place = fields.found["chapters"][1]
            count = sum(len(chapter.lessons) for chapter in chapters)
            if not nodes:
                self.report.error("no_chapters", place)
            if count > MOST_LESSONS:
                self.report.error("too_many_lessons", place, most=MOST_LESSONS)
        return tuple(chapters)

    def _chapter(self, node: Node) -> ChapterFile | None:
        fields = read_mapping(node, CHAPTER, self.report, "chapters")
        if fields is None:
            return None
        title = fields.text("title", required=True)
        nodes = fields.items("lessons", required=True)
        if nodes is not None and not nodes:
            self.report.error("no_lessons", fields.found["lessons"][1])
        lessons = tuple(lesson for node in nodes or () if (lesson := self._lesson(node)))
        self.report.subject = None
        return ChapterFile(title or "", lessons)

    def _lesson(self, node: Node) -> LessonFile | None:
        self.report.subject = None
        fields = read_mapping(node, LESSON, self.report, "lessons")
        if fields is None:
            return None
        slug = self._id(fields)
        kind = fields.choice("kind", KINDS, SPOKEN_KINDS, required=True)
        title = fields.text("title", required=True)
        summary = fields.text("summary") or ""
        if kind is None:
            return None
        self._misplaced(fields, kind)
        is_slides = kind == "video" and "slides" in fields
        file = self._file(fields, kind, is_slides)
        captions = self._reference(fields, "captions") if kind == "video" else None
        minimum = self._minimum(fields, kind)
        minutes = self._minutes(fields) if kind == "reading" else None
        if slug is None or title is None or file is None:
            return None
        return LessonFile(slug, kind, title, summary, file, is_slides, captions, minimum, minutes)

    def _id(self, fields: Fields) -> str | None:
        slug = fields.slug("id")
        self.report.subject = slug
        if slug is None:
            return None
        node = fields.found["id"][1]
        first = self._ids.setdefault(slug, node)
        if first is not node:
            self.report.error("duplicate_id", node, id=slug, line=first.line)
        return slug

    def _misplaced(self, fields: Fields, kind: str) -> None:
        """Keys of the other kind, which would otherwise be ignored in silence."""
        for key in fields.found.keys() & (OWN["video"] ^ OWN["reading"]):
            if key not in OWN[kind]:
                self.report.error("key_of_other_kind", fields.found[key][0], key=key, kind=kind)

    def _file(self, fields: Fields, kind: str, is_slides: bool) -> Reference | None:
        if is_slides and "file" in fields:
            self.report.error("file_and_slides", fields.found["slides"][0])
        if is_slides and "captions" in fields:
            self.report.error("captions_and_slides", fields.found["captions"][0])
        if kind == "video" and not is_slides and "file" not in fields:
            self.report.error("file_or_slides", fields.node)
            return None
        if is_slides:
            return self._reference(fields, "slides")
        return self._reference(fields, "file", "file" if kind == "video" else "reading")

    def _reference(self, fields: Fields, key: str, extensions: str = "") -> Reference | None:
        """A path within the folder, with an ending that fits."""
        text = fields.text(key, required=key != "captions")
        if text is None:
            return None
        node = fields.found[key][1]
        known = EXTENSIONS[extensions or key]
        path = PurePosixPath(unicodedata.normalize("NFC", text))
        if path.is_absolute() or ".." in path.parts or "\\" in text or ":" in text:
            self.report.error("path_outside", node, key=key, value=text)
            return None
        if path.suffix.lower() not in known:
            self.report.error("wrong_extension", node, "one_of", key=key, value=path.suffix, known=known)
            return None
        return Reference(str(path), node.line, node.column)

    def _minimum(self, fields: Fields, kind: str) -> int:
        text = fields.text("minimum")
        if text is None:
            return MINIMUM[kind]
        share = _PERCENT.fullmatch(unicodedata.normalize("NFKC", text))
        if not share or not 1 <= int(share[1]) <= 100:
            node = fields.found["minimum"][1]
            self.report.error("bad_percentage", node, "percentage_like", key="minimum", value=text)
            return MINIMUM[kind]
        return int(share[1])

    def _minutes(self, fields: Fields) -> int | None:
        number = fields.number("minutes")
        if number is None:
            return None
        if number != int(number) or not 1 <= number <= LONGEST_READING_MIN:
            node = fields.found["minutes"][1]
            self.report.error("bad_minutes", node, most=LONGEST_READING_MIN, value=str(number))
            return None
        return int(number)
