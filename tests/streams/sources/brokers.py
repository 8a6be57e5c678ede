"""A real broker as a process that can be killed: mosquitto where it is installed, else amqtt. `python -m ... PORT` runs amqtt."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[3]
MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
KINDS = ["amqtt", *(["mosquitto"] if MOSQUITTO else [])]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


class Broker:
    """A broker on a port of its own, on the loopback, without a password; it lets everybody in, or nobody (mosquitto's)."""

    def __init__(self, folder: Path, kind: str = KINDS[-1], *, open: bool = True) -> None:
        self.kind, self.port = kind, free_port()
        self._config = folder / f"broker-{self.port}.conf"
        self._config.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous {str(open).lower()}\n")
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        command = [MOSQUITTO or "", "-c", str(self._config)]
        if self.kind == "amqtt":
            command = [sys.executable, "-m", "tests.streams.sources.brokers", str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return
            except OSError:
                time.sleep(0.02)
        raise AssertionError("the broker did not start")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


async def amqtt(port: int) -> None:
    from amqtt.broker import Broker as Amqtt

    plugins = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}
    broker = Amqtt({"listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}}, "plugins": plugins})
    await broker.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(amqtt(int(sys.argv[1])))
