"""Pictures: read, made small enough for a phone, and written anew without what a camera adds to them."""

from __future__ import annotations

import warnings
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
WIDEST = 1280
MOST_PIXELS = 40_000_000


class Unreadable(Exception):
    """The file is no picture that can be shown; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def rewrite(source: Path, target: Path) -> str:
    """Write the picture anew, at most WIDEST pixels wide and high. Returns its media type.

    Where it was taken, and by whom, is left behind. Raises Unreadable.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source, formats=list(MEDIA_TYPES)) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Unreadable("picture_too_large")
                return _written(picture, target)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable("not_a_picture") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise Unreadable("picture_damaged") from error


def _written(picture: Image.Image, target: Path) -> str:
    kind = str(picture.format)
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((WIDEST, WIDEST))
    bare = upright.convert("RGB") if kind == "JPEG" else upright.copy()
    bare.info = {}
    bare.save(target, kind, quality=85)
    return MEDIA_TYPES[kind]
