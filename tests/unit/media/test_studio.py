"""Videos and pictures are made in child processes; what cannot be read is a fault, never a crash."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import numpy
import pytest
from PIL import Image

from studyhub.media import slides, video
from studyhub.media.studio import PICTURE, POSTER, VIDEO, Kind, Outcome, Work, carry_out
from tests.factories.videos import SCRIPT, picture_file, video_file


def done(work: Work) -> Outcome:
    return carry_out([work], lambda done, total: None)[0]


def decoded(path: Path) -> list[float]:
    with av.open(str(path)) as source:
        return [float(frame.time or 0) for frame in source.decode(video=0)]


def test_a_script_becomes_a_video_that_plays_everywhere_and_a_poster(tmp_path: Path) -> None:
    outcome = done(Work(Kind.SLIDES, tmp_path / "out", script=SCRIPT))
    assert outcome == Outcome({"duration_ms": 10_000, "width": 640, "height": 360, "has_sound": False})
    assert video.probe(tmp_path / "out" / VIDEO).plays_everywhere
    assert decoded(tmp_path / "out" / VIDEO) == [place / 2 for place in range(20)]
    with Image.open(tmp_path / "out" / POSTER) as poster:
        assert (poster.format, poster.size) == ("JPEG", (640, 360))
        # Not the cover, which only repeats the title: the card of the second slide is white.
        assert min(poster.convert("RGB").getpixel((560, 100))) > 250


def test_a_video_that_plays_everywhere_is_left_as_it_is(tmp_path: Path) -> None:
    source = video_file(tmp_path)
    assert not done(Work(Kind.VIDEO, tmp_path / "out", source)).fault
    assert (tmp_path / "out" / VIDEO).read_bytes() == source.read_bytes()


def test_any_other_video_is_made_one_of_360_lines(tmp_path: Path) -> None:
    source = tmp_path / "large.webm"
    with av.open(str(source), "w") as out:
        stream = out.add_stream("libvpx-vp9", rate=10)
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        stream.options = {"deadline": "realtime", "cpu-used": "8"}
        for place in range(20):
            picture = numpy.full((720, 1280, 3), place * 10, numpy.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        out.mux(stream.encode(None))
    outcome = done(Work(Kind.VIDEO, tmp_path / "out", source))
    assert outcome.facts["height"] == 360
    assert abs(outcome.facts["duration_ms"] - 2000) <= 100
    assert video.probe(tmp_path / "out" / VIDEO).plays_everywhere


@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"", "not_a_video"), (b"no video at all" * 100, "not_a_video"), (b"short", "not_a_video")],
)
def test_what_is_no_video_is_a_fault(tmp_path: Path, content: bytes, fault: str) -> None:
    source = tmp_path / "a.mp4"
    source.write_bytes(content)
    assert done(Work(Kind.VIDEO, tmp_path / "out", source)).fault == fault


def test_an_upload_that_broke_off_is_a_fault(tmp_path: Path) -> None:
    source = video_file(tmp_path)
    source.write_bytes(source.read_bytes()[:-100])
    assert done(Work(Kind.VIDEO, tmp_path / "out", source)).fault == "video_cut_short"


def test_a_picture_is_made_small_and_loses_what_the_camera_added(tmp_path: Path) -> None:
    source = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    Image.new("RGB", (4000, 3000), "#a4161a").save(source, exif=exif)
    assert done(Work(Kind.PICTURE, tmp_path / "out", source)) == Outcome({"type": "image/jpeg"})
    with Image.open(tmp_path / "out" / PICTURE) as picture:
        assert picture.size == (1280, 960)
        assert not picture.getexif()


def test_what_is_no_picture_is_a_fault(tmp_path: Path) -> None:
    source = picture_file(tmp_path, "a.bmp")
    assert done(Work(Kind.PICTURE, tmp_path / "out", source)).fault == "not_a_picture"
    cut = picture_file(tmp_path, "b.png")
    cut.write_bytes(cut.read_bytes()[:60])
    assert done(Work(Kind.PICTURE, tmp_path / "out2", cut)).fault in ("not_a_picture", "picture_damaged")


def test_captions_follow_the_slides_and_are_short() -> None:
    cues = slides.cues(SCRIPT)
    assert [cue.text for cue in cues][1:4] == ["看地址。", "看语气。", "不给口令。"]
    assert (cues[0].start_ms, cues[-1].end_ms) == (0, SCRIPT.duration_ms)
    assert all(one.end_ms == two.start_ms for one, two in pairwise(cues))
    assert all(len(cue.text) <= slides.LONGEST_CUE for cue in cues)


def test_a_line_never_begins_with_a_closing_mark() -> None:
    font = slides._font(23)
    for line in slides.wrapped("，".join(["来路不明先停一停"] * 9), font, 300):
        assert line[0] != "，"
        assert font.getlength(line.rstrip("，")) <= 300
