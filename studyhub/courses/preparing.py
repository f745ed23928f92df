"""From a sound course folder to lessons that can be shown: videos made, pictures placed, readings rendered.

Slow (about a second a video), and outside every transaction.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from studyhub.courses.course_file import LessonFile
from studyhub.courses.folder import CourseSource, LessonSource, ReadingSource, VideoSource
from studyhub.kernel.faults import Fault
from studyhub.media import captions
from studyhub.media.making import Making, Makings, Order, make
from studyhub.media.markdown import Markdown
from studyhub.media.store import Kept, Store

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class PreparedLesson:
    """What is stored of a lesson. `files` are the digests of everything that it shows."""

    duration_ms: int
    video_digest: str | None = None
    poster_digest: str | None = None
    captions_digest: str | None = None
    has_sound: bool = False
    transcript: list[list[Any]] | None = None
    html: str | None = None
    files: tuple[str, ...] = ()


@dataclass(slots=True)
class Prepared:
    """The lessons by slug; `kept` files and `made` works are to be recorded with them."""

    lessons: dict[str, PreparedLesson] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    made: dict[str, Making] = field(default_factory=dict)


def orders(source: CourseSource) -> dict[str, Order]:
    """All that the studio must make for this course, by digest."""
    found: dict[str, Order] = {}
    for lesson in source.lessons.values():
        if isinstance(lesson, VideoSource):
            found[lesson.order_digest] = lesson.order
        else:
            found |= {lesson.picture_digests[name]: order for name, order in lesson.pictures.items()}
    return found


def prepare(source: CourseSource, known: Mapping[str, Making], store: Store, progress: Progress) -> Prepared:
    """Make what is not `known` and put everything into the store. What fails becomes a fault of `source`."""
    makings = make(orders(source), known, store, progress)
    prepared = Prepared(kept=list(makings.kept), made=dict(makings.made))
    assert source.course is not None
    for lesson in source.course.lessons:
        content = source.lessons[lesson.slug]
        _note_faults(source, lesson, content, makings)
        if source.is_sound:
            prepared.lessons[lesson.slug] = _prepared(lesson, content, makings, store, prepared.kept)
    return prepared


def _note_faults(source: CourseSource, lesson: LessonFile, content: LessonSource, makings: Makings) -> None:
    if isinstance(content, VideoSource):
        places = {lesson.file.name: content.order_digest}
    else:
        folder = PurePosixPath(lesson.file.name).parent
        places = {str(folder / name): digest for name, digest in content.picture_digests.items()}
    for name, digest in places.items():
        if digest in makings.faults:
            source.add(name, Fault(makings.faults[digest], subject=lesson.slug))


def _prepared(
    lesson: LessonFile, content: LessonSource, makings: Makings, store: Store, kept: list[Kept]
) -> PreparedLesson:
    if isinstance(content, ReadingSource):
        return _reading(lesson, content, makings)
    making = makings.made[content.order_digest]
    captions_digest = _store_captions(content, store, kept)
    digests = (making.files["video"], making.files["poster"], captions_digest)
    return PreparedLesson(
        duration_ms=making.facts["duration_ms"],
        video_digest=making.files["video"],
        poster_digest=making.files["poster"],
        captions_digest=captions_digest,
        has_sound=making.facts["has_sound"],
        transcript=[[cue.start_ms, cue.end_ms, cue.text] for cue in content.cues] or None,
        files=tuple(digest for digest in digests if digest),
    )


def _store_captions(content: VideoSource, store: Store, kept: list[Kept]) -> str | None:
    """The captions written anew, so that nothing but times and text reaches a player."""
    if not content.cues:
        return None
    with tempfile.NamedTemporaryFile("w", suffix=".vtt", encoding="utf-8") as file:
        file.write(captions.write(content.cues))
        file.flush()
        stored = store.add(Path(file.name))
    kept.append(Kept(stored, "text/vtt"))
    return stored.digest


def _reading(lesson: LessonFile, content: ReadingSource, makings: Makings) -> PreparedLesson:
    digests = {
        address: makings.made[digest].files["picture"] for address, digest in content.picture_digests.items()
    }

    def address_of(name: str) -> str | None:
        return f"/media/{digests[name]}/{quote(PurePosixPath(name).name)}" if name in digests else None

    return PreparedLesson(
        duration_ms=content.seconds * 1000,
        # Writers begin with the title, and the page shows it already.
        html=Markdown().block(content.text, address_of).removeprefix(f"<h1>{escape(lesson.title)}</h1>\n"),
        files=tuple(digests.values()),
    )
