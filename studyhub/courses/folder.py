"""A course folder: course.yaml and all that it names, read and checked, every fault of every file at once."""

from __future__ import annotations

import difflib
import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from studyhub.courses import course_file, slide_script
from studyhub.courses.course_file import CourseFile, LessonFile, Reference
from studyhub.courses.course_keys import PICTURES
from studyhub.kernel.faults import Fault, Severity, any_error
from studyhub.media import captions, slides
from studyhub.media.captions import Cue
from studyhub.media.making import Order
from studyhub.media.markdown import Markdown
from studyhub.media.studio import Kind
from studyhub.questions import source

COURSE_YAML = "course.yaml"
LARGEST_TEXT = 1024 * 1024
CHARACTERS_A_MINUTE = 400
SHORTEST_READING_S = 30


@dataclass(frozen=True, slots=True)
class VideoSource:
    """What a video is made of, and what is said in it."""

    order: Order
    order_digest: str
    cues: tuple[Cue, ...]

    @property
    def digest(self) -> str:
        spoken = repr(self.cues).encode()
        return hashlib.sha256(self.order_digest.encode() + spoken).hexdigest()


@dataclass(frozen=True, slots=True)
class ReadingSource:
    """The text of a reading, and its pictures by the paths that the text names them by."""

    text: str
    pictures: dict[str, Order]
    picture_digests: dict[str, str]
    seconds: int

    @property
    def digest(self) -> str:
        parts = repr((self.text, sorted(self.picture_digests.items()), self.seconds))
        return hashlib.sha256(parts.encode()).hexdigest()


LessonSource = VideoSource | ReadingSource


@dataclass(slots=True)
class CourseSource:
    """A folder that was read: `faults` by file; `course` is None when course.yaml itself has an error."""

    course: CourseFile | None = None
    lessons: dict[str, LessonSource] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        return self.course is not None and not any(any_error(faults) for faults in self.faults.values())

    def add(self, file: str, *faults: Fault) -> None:
        if faults:
            self.faults.setdefault(file, []).extend(faults)


def read_folder(folder: Path) -> CourseSource:
    """Read and check the folder. Nothing in it is changed; videos and pictures are not opened yet."""
    reader = _Reader(folder)
    reader.read()
    return reader.found


class _Reader:
    """One run over one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._files = {unicodedata.normalize("NFC", name): path for name, path in _files(self._folder)}
        self.found = CourseSource()

    def read(self) -> None:
        place = self._files.get(COURSE_YAML)
        if place is None:
            self.found.add(COURSE_YAML, Fault("no_course_file"))
            return
        course, faults = course_file.read_through(place.read_bytes())
        self.found.course = None if any_error(faults) else course
        self.found.add(COURSE_YAML, *faults)
        for lesson in course.lessons if course else ():
            read = self._video(lesson) if lesson.kind == "video" else self._reading(lesson)
            if read is not None:
                self.found.lessons[lesson.slug] = read

    def _place(self, reference: Reference, subject: str) -> Path | None:
        """The file that course.yaml names, or None after a fault there."""
        path = self._files.get(reference.name)
        if path is None:
            close = difflib.get_close_matches(reference.name, self._files, n=1)
            params = {"value": reference.name, "meant": close[0] if close else None}
            hint = "did_you_mean" if close else ""
            fault = Fault("file_missing", reference.line, reference.column, params, hint, subject=subject)
            self.found.add(COURSE_YAML, fault)
        return path

    def _text(self, path: Path, name: str) -> bytes | None:
        if path.stat().st_size > LARGEST_TEXT:
            self.found.add(
                name, Fault("too_large", params={"bytes": path.stat().st_size, "largest": LARGEST_TEXT})
            )
            return None
        return path.read_bytes()

    def _video(self, lesson: LessonFile) -> VideoSource | None:
        path = self._place(lesson.file, lesson.slug)
        cues = self._cues(lesson)
        if path is None:
            return None
        if not lesson.is_slides:
            order = Order(Kind.VIDEO, path)
            return VideoSource(order, order.digest, cues)
        data = self._text(path, lesson.file.name)
        script, faults = slide_script.check(data) if data is not None else (None, [])
        self.found.add(lesson.file.name, *faults)
        if script is None:
            return None
        order = Order(Kind.SLIDES, script=script)
        return VideoSource(order, order.digest, tuple(slides.cues(script)))

    def _cues(self, lesson: LessonFile) -> tuple[Cue, ...]:
        """The captions beside a video file. A silent lesson is lost on whoever cannot hear: a warning."""
        if lesson.is_slides:
            return ()
        if lesson.captions is None:
            place = (lesson.file.line, lesson.file.column)
            self.found.add(COURSE_YAML, _warning("no_captions", *place, lesson.slug))
            return ()
        path = self._place(lesson.captions, lesson.slug)
        data = self._text(path, lesson.captions.name) if path else None
        if data is None:
            return ()
        text, fault = source.decode(data)
        cues, faults = ([], [fault]) if fault else captions.parse(text)
        self.found.add(lesson.captions.name, *faults)
        return tuple(cues)

    def _reading(self, lesson: LessonFile) -> ReadingSource | None:
        path = self._place(lesson.file, lesson.slug)
        data = self._text(path, lesson.file.name) if path else None
        if data is None:
            return None
        text, fault = source.decode(data)
        if fault or not text.strip():
            self.found.add(lesson.file.name, fault or Fault("empty_file", 1, 1))
            return None
        pictures = self._pictures(text, lesson.file.name)
        seconds = lesson.minutes * 60 if lesson.minutes else _seconds_to_read(text)
        digests = {address: order.digest for address, order in pictures.items()}
        return ReadingSource(text, pictures, digests, seconds)

    def _pictures(self, text: str, name: str) -> dict[str, Order]:
        """The pictures that the text shows, by the addresses that it uses. Only ours: none from elsewhere."""
        addresses: list[str] = []
        Markdown().block(text, addresses.append)
        found: dict[str, Order] = {}
        for address in dict.fromkeys(addresses):
            path = self._files.get(_joined(PurePosixPath(name).parent, address))
            if path is not None and path.suffix.lower() in PICTURES:
                found[address] = Order(Kind.PICTURE, path)
            else:
                line, column = source.position(text, max(0, text.find(address)))
                code = "wrong_picture_type" if path is not None else "picture_missing"
                self.found.add(name, Fault(code, line, column, {"value": address, "known": PICTURES}))
        return found


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every plain file of the folder by its path within it; links are not followed."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.resolve().is_relative_to(folder):
            yield path.relative_to(folder).as_posix(), path


def _joined(folder: PurePosixPath, address: str) -> str:
    """The path within the course that a relative address means; what leaves the course means nothing."""
    parts: list[str] = []
    for part in (*folder.parts, *PurePosixPath(unicodedata.normalize("NFC", address)).parts):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _seconds_to_read(text: str) -> int:
    characters = sum(not character.isspace() and not character.isascii() for character in text)
    words = sum(word.isascii() for word in text.split())
    minutes = (characters + 2 * words) / CHARACTERS_A_MINUTE
    return max(SHORTEST_READING_S, round(minutes * 60))


def _warning(code: str, line: int, column: int, subject: str) -> Fault:
    return Fault(code, line, column, severity=Severity.WARNING, subject=subject)
