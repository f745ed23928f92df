"""Makes sure that this machine has what the tests need beyond Python: a Chromium, and PostgreSQL's programs.

`python -m tests.machine` says what it found, and installs Chromium by the system's package manager when
there is none. PostgreSQL comes from the system or, failing that, from a wheel that `make` installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tests import postgresql

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The path of a Chromium on this machine; None when there is none."""
    return os.environ.get("STUDYHUB_TEST_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def _install_chromium() -> None:
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", "chromium"],
    ):
        subprocess.run([*as_root, *command], check=True, env=quiet, stdout=subprocess.DEVNULL)


def main() -> None:
    if chromium() is None:
        print("no Chromium here: installing Debian's")
        try:
            _install_chromium()
        except (OSError, subprocess.CalledProcessError):
            sys.exit(
                "Install Chromium (Debian: apt-get install chromium) or name it in STUDYHUB_TEST_CHROMIUM."
            )
    print(f"Chromium: {chromium()}\nPostgreSQL: {postgresql.programs()}")


if __name__ == "__main__":
    main()
