"""Makes sure that this machine has what the tests need beyond Python: Chromium, nginx, PostgreSQL's programs.

`python -m tests.machine` says what it found, and installs Chromium and nginx by the system's package manager
when there is none. PostgreSQL comes from the system or, failing that, from a wheel that `make` installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tests import postgresql

SYSTEM_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin"
"""Where servers are: not every user's PATH leads there."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The path of a Chromium on this machine; None when there is none."""
    return os.environ.get("STUDYHUB_TEST_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def nginx() -> str | None:
    """The path of an nginx on this machine; None when there is none."""
    return shutil.which("nginx") or shutil.which("nginx", path=SYSTEM_FOLDERS)


def _install(package: str) -> None:
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", package],
    ):
        subprocess.run([*as_root, *command], check=True, env=quiet, stdout=subprocess.DEVNULL)


def main() -> None:
    for find, package, otherwise in (
        (chromium, "chromium", " or name it in STUDYHUB_TEST_CHROMIUM"),
        (nginx, "nginx", ""),
    ):
        if find() is None:
            print(f"no {package} here: installing Debian's")
            try:
                _install(package)
            except (OSError, subprocess.CalledProcessError):
                sys.exit(f"Install it (Debian: apt-get install {package}){otherwise}.")
    print(f"Chromium: {chromium()}\nnginx: {nginx()}\nPostgreSQL: {postgresql.programs()}")


if __name__ == "__main__":
    main()
