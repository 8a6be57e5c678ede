"""A real PostgreSQL server for tests: the one that PROACTIVE_TEST_DATABASE names, else one of our own on the loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.brokers import free_port

NAMED = os.environ.get("PROACTIVE_TEST_DATABASE", "")
USER = "proactive"
# Debian keeps the programs of each version apart, and off the path.
_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Start a server whose data is in a folder, and yield the URL of its database; skip the test where none can be started.

    It refuses to run as root, so where the tests do, it runs as the user `nobody`.
    """
    port, data = free_port(), folder / "data"
    initdb, postgres = _program("initdb"), _program("postgres")
    data.mkdir()
    _give_away(data)
    _run([initdb, "--pgdata", str(data), "--username", USER, "--auth", "trust", "--no-sync"])
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "fsync": "off",
        "log_min_messages": "log",
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with subprocess.Popen(
        _as_nobody([postgres, "-D", str(data), *options]), stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            for line in process.stderr:
                if "ready to accept connections" in line:
                    break
            else:
                pytest.skip("PostgreSQL did not start")
            yield f"postgresql://{USER}@127.0.0.1:{port}/postgres"
        finally:
            process.terminate()


def _program(name: str) -> str:
    found = shutil.which(name, path=os.pathsep.join([os.environ["PATH"], *map(str, _FOLDERS)]))
    if found is None:
        pytest.skip("no PostgreSQL server: install postgresql, or name one in PROACTIVE_TEST_DATABASE")
    return found


def _run(command: list[str]) -> None:
    done = subprocess.run(_as_nobody(command), capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"PostgreSQL cannot be started here: {done.stderr.strip()}")


def _as_nobody(command: list[str]) -> list[str]:
    if os.getuid():
        return command
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]


def _give_away(data: Path) -> None:
    """Let the server reach its data: the folders of pytest are for their owner only."""
    if os.getuid():
        return
    shutil.chown(data, "nobody", "nogroup")
    for folder in data.parents:
        if not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o111)
