"""`studyhub serve`: the server, which needs nothing of the application.

Its workers load that themselves: `python -m studyhub.server` is there at once, and the demo starts it so.
"""

from __future__ import annotations

import os
import sys

import click
from granian import Granian
from granian.constants import Interfaces

from studyhub.config import Settings
from studyhub.kernel.errors import Misconfigured, Refused
from studyhub.kernel.presence import at_work


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages and the API. Run `scheduler` beside it."""
    settings = Settings.from_environment()  # an unsafe setting is told here, once, and not by every worker
    server = Granian(
        "studyhub.commands:served_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        # Without this one killed worker stops the whole server.
        respawn_failed_workers=True,
        log_access=False,
    )
    with at_work(settings.data_dir):
        server.serve()


def main() -> None:
    """Serve. Help, and what is refused, `studyhub serve` says: it has the application to word them."""
    try:
        if "--help" not in sys.argv[1:]:
            serve(standalone_mode=False)
            return
    except (Misconfigured, Refused, click.UsageError):
        pass
    again = [sys.executable, "-m", "studyhub", "serve", *sys.argv[1:]]
    os.execv(sys.executable, again)  # noqa: S606  (our own program, no shell)


if __name__ == "__main__":
    main()
