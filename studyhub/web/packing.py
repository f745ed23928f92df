"""Pages travel packed: a paper of 24 questions is 83 KB, which a poor network carries in many seconds.

The length of a packed page tells how much of it repeats itself, and with that a secret in it could be guessed
(BREACH). Our cookies do not go along with what other sites' pages ask for unseen (SameSite); besides, each
packed page is longer by a random number of bytes, as in R. Palacios et al., *HTB: A Very Effective Method to
Protect Web Servers Against BREACH Attack to HTTPS*, IEEE Access 10, 2022.
"""

from __future__ import annotations

import gzip
import io
import secrets

from flask import Flask, Response, request

SMALLEST = 1500
"""Bytes. Less travels in one packet anyway."""
RANDOM_BYTES = 100
_LEVEL = 5


def init(app: Flask) -> None:
    """Pack each page for a browser that can unpack it."""
    app.after_request(_packed)


def pack(body: bytes) -> bytes:
    """The body as gzip, whose header holds a file name of random length that every reader skips."""
    target = io.BytesIO()
    name = "x" * secrets.randbelow(RANDOM_BYTES)
    with gzip.GzipFile(name, "wb", _LEVEL, target, mtime=0) as packed:
        packed.write(body)
    return target.getvalue()


def _packed(response: Response) -> Response:
    if response.mimetype != "text/html" or response.is_streamed or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) >= SMALLEST and request.accept_encodings["gzip"] > 0:
        response.set_data(pack(body))
        response.headers["Content-Encoding"] = "gzip"
    return response
