"""The words of the course file and the slide script: keys, what each may say, and Chinese names."""

from __future__ import annotations

from studyhub.courses.states import CourseState, Language, LessonKind
from studyhub.questions.bank_keys import SPOKEN_LANGUAGES
from studyhub.questions.grammar import Grammar

__all__ = ["SPOKEN_LANGUAGES"]

COURSE = frozenset({
    "course", "title", "language", "level", "summary", "for", "state", "source", "chapters",
})  # fmt: skip
CHAPTER = frozenset({"title", "lessons"})
SHARED = frozenset({"id", "kind", "title", "summary", "file", "minimum"})
OWN = {"video": frozenset({"slides", "captions"}), "reading": frozenset({"minutes"})}
LESSON = SHARED | OWN["video"] | OWN["reading"]
SOURCE = frozenset({"document", "version"})
SCRIPT = frozenset({"slides"})
SLIDE = frozenset({"seconds", "heading", "lines", "caption"})

KINDS = tuple(LessonKind)
LANGUAGES = tuple(Language)
STATES = tuple(CourseState)

EXTENSIONS = {
    "file": (".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi"),
    "reading": (".md",),
    "slides": (".yaml", ".yml"),
    "captions": (".vtt",),
}
PICTURES = (".png", ".jpg", ".jpeg", ".webp")

SPOKEN_KINDS = {
    **dict.fromkeys(("视频", "微视频", "mp4"), "video"),
    **dict.fromkeys(("阅读", "文章", "图文", "text"), "reading"),
}
SPOKEN_STATES = {"草稿": "draft", "已发布": "published", "发布": "published"}

GRAMMAR = Grammar(
    listing="chapters",
    keys=COURSE | CHAPTER | LESSON | SOURCE,
    texts=frozenset({"title", "summary", "document", "version"}),
    spoken={
        "课程": "course",
        "标题": "title",
        "名称": "title",
        "语言": "language",
        "密级": "level",
        "简介": "summary",
        "摘要": "summary",
        "范围": "for",
        "状态": "state",
        "来源": "source",
        "出处": "source",
        "章": "chapters",
        "章节": "chapters",
        "课时": "lessons",
        "编号": "id",
        "类型": "kind",
        "文件": "file",
        "视频": "file",
        "字幕": "captions",
        "幻灯片": "slides",
        "时长": "minutes",
        "分钟": "minutes",
        "版本": "version",
    },
)
SCRIPT_GRAMMAR = Grammar(
    listing="slides",
    keys=SCRIPT | SLIDE,
    texts=frozenset({"heading", "caption"}),
    spoken={
        "幻灯片": "slides",
        "秒": "seconds",
        "时长": "seconds",
        "标题": "heading",
        "要点": "lines",
        "字幕": "caption",
        "旁白": "caption",
    },
)
