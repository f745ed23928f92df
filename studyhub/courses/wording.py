"""The sentences of the codes of courses, in the reader's language.

What every hand-written file can have wrong is worded by the questions room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from studyhub.kernel.faults import Fault, Severity, any_error
from studyhub.questions import wording as shared
from studyhub.web.i18n import lazy_gettext as _l

Files = Mapping[str, Sequence[Fault]]
"""Faults by the file that they are in."""

REFUSALS: dict[str, Any] = {
    "bad_interval": _l("An interval ends before it begins."),
    "course_has_faults": _l("The course has mistakes, so nothing was imported."),
    "not_a_reading": _l("This lesson is a video: it is watched, not read."),
    "not_a_video": _l("This lesson is a text: it is read, not watched."),
    "upload_gone": _l("This upload has been applied or is too old. Upload the course again."),
}

FAULTS: dict[str, Any] = {
    **shared.FAULTS,
    "alias": _l("“*%(name)s” is a YAML alias. None is needed here."),
    "anchor": _l("“&%(name)s” is a YAML anchor. None is needed here."),
    "tag": _l("“%(name)s” is a YAML tag. None is needed here."),
    "duplicate_id": _l("There is already a lesson “%(id)s” (line %(line)s)."),
    # The archive
    "archive_too_large": _l("Unpacked, the archive is too large (at “%(value)s”)."),
    "bad_archive": _l("This is no .zip archive, or it is damaged."),
    "encrypted": _l("“%(value)s” is protected by a password."),
    "file_twice": _l("The archive holds a file twice."),
    "name_too_long": _l("The name “%(value)s” is too long for a file."),
    "not_a_plain_file": _l("“%(value)s” is a link or something else that is no plain file."),
    "path_too_deep": _l("“%(value)s” lies in too many folders."),
    "too_many_files": _l("The archive holds more than %(most)s files."),
    # course.yaml
    "bad_minutes": _l("Minutes are a whole number from 1 to %(most)s; “%(value)s” is none."),
    "bad_percentage": _l("“%(key)s” needs a share from 1 %% to 100 %%; “%(value)s” is none."),
    "branch_outside_scope": _l("You do not make courses for the branch “%(value)s”."),
    "captions_and_slides": _l("A video of slides gets its captions from the slides."),
    "course_of_others": _l("The course “%(course)s” is for branches that you make no courses for."),
    "file_and_slides": _l("A video has either a file or slides, not both."),
    "file_missing": _l("There is no file “%(value)s” in the folder."),
    "file_or_slides": _l("A video needs a “file” or “slides”."),
    "for_everyone_outside_scope": _l(
        "A course without “for” is for everyone, and you make courses for some."
    ),
    "key_of_other_kind": _l("“%(key)s” means nothing in a lesson of the kind “%(kind)s”."),
    "lesson_kind_changed": _l(
        "“%(id)s” has been a lesson of the kind “%(kind)s”. Give the new one another id: "
        "what members have done belongs to the old one."
    ),
    "no_captions": _l("The video has no captions. Whoever cannot hear, or has no sound, misses it."),
    "no_chapters": _l("The course has no chapters."),
    "no_course_file": _l("There is no course.yaml in the folder."),
    "no_lessons": _l("The chapter has no lessons."),
    "path_outside": _l("“%(value)s” is no path within the course's folder."),
    "too_many_lessons": _l("A course has at most %(most)s lessons."),
    "unknown_branch": _l("There is no branch with the code “%(value)s”."),
    "wrong_extension": _l("“%(key)s” cannot be a file that ends with “%(value)s”."),
    # Slide scripts and captions
    "bad_cue_times": _l("This line should hold the times of a caption."),
    "bad_seconds": _l(
        "A slide shows for %(least)s to %(most)s seconds, whole or half; “%(value)s” is neither."
    ),
    "bad_video_length": _l("The slides take %(seconds)s seconds; a video takes %(least)s to %(most)s."),
    "captions_too_fast": _l("Nobody reads these captions so fast: the slide needs %(needed)s seconds."),
    "cue_ends_before_it_begins": _l("The caption ends before it begins."),
    "cue_out_of_order": _l("The caption begins before the one above it."),
    "empty_cue": _l("The caption has no text."),
    "no_caption": _l("The slide has no caption. The video has no voice: the captions are what is said."),
    "no_cues": _l("The file has no captions."),
    "no_webvtt_header": _l("This is no WebVTT file."),
    "too_many_lines": _l("A slide has at most %(most)s lines."),
    # Pictures and videos
    "cannot_be_processed": _l("The file cannot be processed. It may be damaged."),
    "no_picture": _l("The video has no picture."),
    "not_a_picture": _l("This is no PNG, JPEG or WebP picture."),
    "not_a_video": _l("This is no video that can be read."),
    "picture_damaged": _l("The picture is damaged."),
    "picture_missing": _l(
        "There is no picture “%(value)s” in the folder. Pictures from elsewhere are not shown."
    ),
    "picture_too_large": _l("The picture has too many pixels."),
    "takes_too_long": _l("Making the video takes too long. Cut it into shorter ones."),
    "video_cut_short": _l("The end of the video is missing: it was not copied whole."),
    "video_too_long": _l("The video is longer than an hour."),
    "video_too_short": _l("The video is shorter than a second."),
    "wrong_picture_type": _l("“%(value)s” is no picture that can be shown (%(known)s)."),
}

HINTS: dict[str, Any] = {
    **shared.HINTS,
    "begin_with_webvtt": _l("The first line of the file is the word WEBVTT."),
    "cue_times": _l("For example: 00:01.000 --> 00:03.500"),
    "percentage_like": _l("For example: 80%%."),
    "point_not_comma": _l("Write a point before the thousandths, not a comma: 00:01.500."),
}


def message(fault: Fault) -> str:
    """What is wrong, in one sentence."""
    return shared.message(fault, FAULTS)


def hint(fault: Fault) -> str | None:
    """What to do, or None."""
    return shared.hint(fault, HINTS)


def any_errors(files: Files) -> bool:
    """Whether a fault of any file keeps the course out."""
    return any(any_error(faults) for faults in files.values())


def report(files: Files) -> dict[str, Any]:
    """The faults as the command line gives them to programs, with the totals."""
    told = [fault for faults in files.values() for fault in faults]
    return {
        "files": [
            {"path": name, "faults": [_as_json(fault) for fault in faults]} for name, faults in files.items()
        ],
        "errors": sum(fault.is_error for fault in told),
        "warnings": sum(not fault.is_error for fault in told),
    }


def _as_json(fault: Fault) -> dict[str, Any]:
    return {
        "line": fault.line,
        "column": fault.column,
        "severity": fault.severity.value,
        "code": fault.code,
        "message": message(fault),
        "hint": hint(fault),
        "lesson": fault.subject,
    }


def faults_to_store(files: Files) -> dict[str, list[dict[str, Any]]]:
    """The faults themselves as JSON: they are worded when somebody reads them."""
    return {name: [asdict(fault) for fault in faults] for name, faults in files.items()}


def count_errors(files: Files) -> int:
    """How many faults of all files keep the course out."""
    return sum(fault.is_error for faults in files.values() for fault in faults)


def stored_faults(stored: Any) -> dict[str, list[Fault]]:
    """The same back."""
    return {
        name: [Fault(**{**fault, "severity": Severity(fault["severity"])}) for fault in faults]
        for name, faults in stored.items()
    }
