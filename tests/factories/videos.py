"""Small real files for tests: a video of slides, a picture."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from studyhub.media import slides, video
from studyhub.media.slides import Script, Slide

SCRIPT = Script(
    (
        Slide(6, "识别钓鱼邮件", (), ("每天都有人因为一封邮件丢了密码。",)),
        Slide(8, "三个信号", ("地址不对", "语气很急", "索要口令"), ("看地址。看语气。不给口令。",)),
        Slide(6, "记住", ("先停一停",), ("来路不明，先停一停。",)),
    ),
)
"""Ten seconds."""


def video_file(folder: Path, name: str = "video.mp4", script: Script = SCRIPT) -> Path:
    """A real MP4 of the script."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    video.write_slides(path, slides.shots(script))
    return path


def picture_file(folder: Path, name: str = "picture.png", size: tuple[int, int] = (320, 180)) -> Path:
    """A real picture; its name's ending says of which kind."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, "#36536e").save(path)
    return path
