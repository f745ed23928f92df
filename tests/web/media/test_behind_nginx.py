"""A real nginx sends the files, set up as the operators' page says; StudyHub says who may have which."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from werkzeug.serving import make_server

from studyhub.config import Settings
from tests.machine import nginx

Bearer = Callable[[str], dict[str, str]]
DOCS = Path(__file__).parents[3] / "docs" / "for-operators.md"
PATIENCE_S = 30

MAIN = """\
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{upstream};
            proxy_set_header X-Forwarded-For $remote_addr;
        }}
        {media}
    }}
}}
"""


@pytest.fixture
def settings(settings: Settings) -> Iterator[Settings]:
    """A data folder that nginx's user may pass, on a host where nobody but oneself may read new files."""
    folder = Path(tempfile.mkdtemp(prefix="studyhub-nginx-"))
    folder.chmod(0o711)
    before = os.umask(0o077)
    yield replace(settings, data_dir=folder, proxies=1, media_location="/stored-media/")
    os.umask(before)
    shutil.rmtree(folder)


def documented(media: Path) -> str:
    """The location of the operators' page, with the folder of this test."""
    (block,) = re.findall(r"```\n(location /stored-media/ \{.*?\n\})\n```", DOCS.read_text("utf-8"), re.S)
    return block.replace("/var/lib/studyhub/media/", f"{media}/")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def upstream(app: Flask) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def proxy(folder: Path, config: str, port: int) -> Iterator[None]:
    (folder / "nginx.conf").write_text(config, "utf-8")
    with subprocess.Popen([nginx(), "-c", folder / "nginx.conf", "-e", folder / "error.log"]) as process:
        try:
            until = time.monotonic() + PATIENCE_S
            while process.poll() is None and time.monotonic() < until:
                with socket.socket() as asked:
                    if asked.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield
        finally:
            process.terminate()


@pytest.fixture
def site(app: Flask, settings: Settings, served: tuple[str, bytes]) -> Iterator[str]:
    """nginx in front of StudyHub. As root it works as another user, in the group of the files."""
    folder, port = settings.data_dir, free_port()
    group = (folder / "media").group()
    user = f"user nobody {group};" if os.geteuid() == 0 else ""
    with upstream(app) as behind:
        media = documented(folder / "media")
        config = MAIN.format(user=user, folder=folder, port=port, upstream=behind, media=media)
        with proxy(folder, config, port):
            yield f"http://127.0.0.1:{port}"


class Got:
    """An answer of nginx, also one that refuses."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        try:
            with urlopen(Request(url, headers=headers), timeout=PATIENCE_S) as answer:
                self.status, self.headers, self.body = answer.status, answer.headers, answer.read()
        except HTTPError as refused:
            with refused:
                self.status, self.headers, self.body = refused.code, refused.headers, refused.read()


def test_nginx_sends_the_file_and_its_parts(site: str, bearer: Bearer, served: tuple[str, bytes]) -> None:
    url, content = site + served[0], served[1]
    headers = bearer("east1")
    whole = Got(url, headers)
    assert (whole.status, whole.body) == (200, content)
    assert whole.headers["Content-Type"] == "video/mp4"
    assert whole.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    assert "X-Accel-Redirect" not in whole.headers
    part = Got(url, {**headers, "Range": "bytes=100-199"})
    assert (part.status, part.body) == (206, content[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(content)}"
    beyond = Got(url, {**headers, "Range": f"bytes={len(content)}-"})
    assert beyond.status == 416
    assert Got(url, {**headers, "If-None-Match": whole.headers["ETag"]}).status == 304


def test_nginx_sends_nothing_to_whom_it_is_not_for(
    site: str, bearer: Bearer, served: tuple[str, bytes]
) -> None:
    url, content = site + served[0], served[1]
    digest = served[0].split("/")[2]
    told = Got(url, {"Accept": "application/json"})
    assert told.status in (200, 401), "the door, or no answer"
    refused = [told]
    for who in ("west1", "outsider"):
        refused.append(Got(url, {**bearer(who), "Range": "bytes=0-99"}))
        assert refused[-1].status == 404
    refused.append(Got(f"{site}/stored-media/{digest[:2]}/{digest}", bearer("east1")))
    assert refused[-1].status == 404, "the location is internal"
    assert all(content[:100] not in each.body for each in refused)
