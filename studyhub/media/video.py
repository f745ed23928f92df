"""Videos: what is in a file, and how it becomes one that every phone plays (H.264/AAC, MP4, index first).

Everything here reads what strangers made, through C libraries: it runs in a child process (see studio.py).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

import av
from PIL import Image

from studyhub.media.slides import FRAMES_PER_SECOND, HEIGHT, WIDTH, Shot

TALLEST = 480
"""Pixels. A taller video is made smaller: 360p is what a poor network carries."""
MADE_HEIGHT = 360
LONGEST_S = 3600
_POSTER_WIDTH = 640
_AUDIO_RATE = 44_100


class Unplayable(Exception):
    """The file is no video that can be shown; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is in a video file. `plays_everywhere`: it can be served as it is."""

    duration_ms: int
    width: int
    height: int
    has_sound: bool
    plays_everywhere: bool


def probe(path: Path) -> Facts:
    """Look into the file. Raises Unplayable."""
    try:
        with av.open(str(path)) as source:
            stream = _video_stream(source)
            is_mp4 = "mp4" in source.format.name.split(",")
            if is_mp4 and is_cut_short(path):
                raise Unplayable("video_cut_short")
            duration = source.duration / av.time_base if source.duration else 0
            context = stream.codec_context
            plays = (
                is_mp4
                and context.name == "h264"
                and context.pix_fmt in ("yuv420p", "yuvj420p")
                and context.height <= TALLEST
                and all(audio.codec_context.name == "aac" for audio in source.streams.audio)
                and len(source.streams) <= 2
                and has_index_first(path)
            )
            sounds = bool(source.streams.audio)
            return _checked(Facts(round(duration * 1000), context.width, context.height, sounds, plays))
    except av.FFmpegError as error:
        raise Unplayable("not_a_video") from error


def _video_stream(source: Any) -> Any:
    if not source.streams.video:
        raise Unplayable("no_picture")
    return source.streams.video[0]


def _checked(facts: Facts) -> Facts:
    if facts.duration_ms < 1000:
        raise Unplayable("video_too_short")
    if facts.duration_ms > LONGEST_S * 1000:
        raise Unplayable("video_too_long")
    return facts


def has_index_first(path: Path) -> bool:
    """Whether an MP4's index (`moov`) stands before its pictures, so that it plays while it loads."""
    kinds = [kind for kind, _ in _boxes(path) if kind in (b"moov", b"mdat")]
    return kinds[:1] == [b"moov"]


def is_cut_short(path: Path) -> bool:
    """Whether the file ends before its last box does: an upload that broke off."""
    return any(end > path.stat().st_size for _, end in _boxes(path))


def _boxes(path: Path) -> Iterator[tuple[bytes, int]]:
    """The kind of each outer box of an MP4, and where it ends."""
    with path.open("rb") as file:
        start = 0
        while len(head := file.read(16)) >= 8:
            size, kind = struct.unpack(">I4s", head[:8])
            if size == 1 and len(head) == 16:
                size = struct.unpack(">Q", head[8:])[0]
            if size < 8:  # nought: it reaches to the end of the file
                yield kind, file.seek(0, 2)
                return
            start += size
            yield kind, start
            file.seek(start)


def write_slides(target: Path, shots: Iterable[Shot]) -> None:
    """Encode pictures that stand still, at two frames a second. A minute takes about a second."""
    with av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}) as out:
        stream: Any = out.add_stream("libx264", rate=FRAMES_PER_SECOND)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        # A key frame every ten seconds: seeking lands close by. No reordering: time starts at nought.
        stream.options = {"preset": "veryfast", "profile": "main", "crf": "22", "tune": "stillimage"}
        stream.options |= {"g": "20", "bf": "0"}
        number = 0
        for shot in shots:
            picture: Any = av.VideoFrame
            frame = picture.from_image(shot.picture).reformat(format="yuv420p")
            for _ in range(shot.frames):
                frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_SECOND)
                out.mux(stream.encode(frame))
                number += 1
        out.mux(stream.encode(None))


def write_poster(source: Path, target: Path) -> None:
    """The picture a third into the video as a JPEG, at most 640 pixels wide: what it begins with is often
    no more than its title, which stands beside the poster anyway."""
    with av.open(str(source)) as video:
        stream = _video_stream(video)
        wanted = (video.duration or 0) / av.time_base / 3
        video.seek(int(wanted * av.time_base))  # to the key frame before it
        frame: Any = None
        for frame in video.decode(stream):
            if frame.time is None or frame.time >= wanted:
                break
        if frame is None:
            raise Unplayable("no_picture")
        picture: Image.Image = frame.to_image()
        picture.thumbnail((_POSTER_WIDTH, _POSTER_WIDTH))
        picture.save(target, "JPEG", quality=80, optimize=True, progressive=True)


def convert(source: Path, target: Path) -> None:
    """Make a video that plays everywhere: 360 pixels high, H.264 and AAC, its index first."""
    try:
        with (
            av.open(str(source)) as video,
            av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}) as out,
        ):
            _convert_streams(video, out)
    except av.FFmpegError as error:
        raise Unplayable("not_a_video") from error


def _convert_streams(video: Any, out: Any) -> None:
    pictures = _Pictures(_video_stream(video), out)
    sound = _Sound(out) if video.streams.audio else None
    early: list[Any] = []  # sound that comes before the first picture: the file cannot begin without its size
    for packet in video.demux([pictures.source, *video.streams.audio[:1]]):
        for frame in packet.decode():
            if packet.stream.type == "video":
                pictures.take(frame)
            elif sound and pictures.have_begun:
                while early:
                    sound.take(early.pop(0))
                sound.take(frame)
            else:
                early.append(frame)
    pictures.finish()
    if sound:
        sound.finish(early)


class _Pictures:
    """Pictures in, smaller pictures encoded. Phones film sideways: a rotation is carried out."""

    _TURNS: ClassVar = {
        90: ["cclock"],
        -270: ["cclock"],
        -90: ["clock"],
        270: ["clock"],
        180: ["clock", "clock"],
    }

    def __init__(self, source: Any, out: Any) -> None:
        self.source = source
        self.have_begun = False
        self._out = out
        self._graph: Any = None
        self._rate = min(Fraction(source.average_rate or 25), Fraction(30))
        self._stream: Any = out.add_stream("libx264", rate=self._rate)
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = {"preset": "veryfast", "profile": "main", "crf": "26"}

    def take(self, frame: Any) -> None:
        self._graph = self._graph or self._filters(frame)
        self._graph.push(frame)
        self._drain()

    def finish(self) -> None:
        if self._graph is None:
            raise Unplayable("no_picture")
        self._graph.push(None)
        self._drain()
        self._out.mux(self._stream.encode(None))

    def _filters(self, frame: Any) -> Any:
        graph = av.filter.Graph()
        turns = self._TURNS.get(round(frame.rotation or 0), [])
        height = min(MADE_HEIGHT, frame.width if len(turns) == 1 else frame.height) // 2 * 2
        nodes = [graph.add_buffer(template=self.source)]
        nodes += [graph.add("transpose", direction) for direction in turns]
        nodes += [
            graph.add("fps", str(self._rate)),
            graph.add("scale", f"-2:{height}"),
            graph.add("format", "yuv420p"),
            graph.add("buffersink"),
        ]
        graph.link_nodes(*nodes).configure()
        return graph

    def _drain(self) -> None:
        while True:
            try:
                frame = self._graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            if not self.have_begun:
                self._stream.width, self._stream.height = frame.width, frame.height
                self.have_begun = True
            frame.pict_type = 0  # what was a key frame in the source need not be one here
            self._out.mux(self._stream.encode(frame))


class _Sound:
    """Sound in, stereo AAC out, little of it: speech needs no more."""

    def __init__(self, out: Any) -> None:
        self._out = out
        self._stream: Any = out.add_stream("aac", rate=_AUDIO_RATE, layout="stereo")
        self._stream.bit_rate = 64_000
        self._resampler = av.AudioResampler("fltp", "stereo", _AUDIO_RATE, frame_size=1024)

    def take(self, frame: Any) -> None:
        for part in self._resampler.resample(frame):
            self._out.mux(self._stream.encode(part))

    def finish(self, early: list[Any]) -> None:
        for frame in early:
            self.take(frame)
        for part in self._resampler.resample(None):
            self._out.mux(self._stream.encode(part))
        self._out.mux(self._stream.encode(None))
