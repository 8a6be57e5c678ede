"""The port `Channel`: what is built in keeps its obligations, and the check finds what does not."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import EntryPoint
from io import StringIO
from pathlib import Path

import pytest

from proactive.notify.apprise import AppriseChannel
from proactive.notify.channel import GROUP, Channel, ChannelError, Channels, Message, installed
from proactive.notify.conformance import check_channel
from proactive.notify.console import Console

MESSAGE = Message(tag="t", to="Greg", title="Maple Street", body="Not fed.", urgency="high")


@dataclass
class Service:
    """A service on this machine that keeps what is posted to it, and refuses at `/refuse`."""

    address: str = ""
    got: list[dict[str, object]] = field(default_factory=list)


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if "refuse" in self.path:
                self.send_error(403)
                return
            service.got.append(json.loads(body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    service.address = f"json://sam:hunter2secret@127.0.0.1:{server.server_port}"
    yield service
    server.shutdown()
    server.server_close()


def test_the_console_keeps_its_obligations() -> None:
    stream = StringIO()
    check_channel(Console(stream), "")
    assert "To Greg, Maple Street:\n  Daisy has not been fed by noon.\n" in stream.getvalue()


def test_the_console_shows_urgency_and_picture() -> None:
    stream = StringIO()
    Console(stream).send(
        Message(tag="t", to="Greg", title="Maple", body="Here.", urgency="low", picture=Path("a.jpg")), ""
    )
    assert stream.getvalue() == "To Greg (low), Maple:\n  Here.\n  a.jpg\n"


def test_a_closed_console_is_an_error_of_the_channel() -> None:
    stream = StringIO()
    stream.close()
    with pytest.raises(ChannelError, match="cannot be written"):
        Console(stream).send(MESSAGE, "")


def test_apprise_keeps_its_obligations(service: Service) -> None:
    check_channel(AppriseChannel(), service.address, f"{service.address}/refuse")
    assert service.got[0]["message"] == "Daisy has not been fed by noon."


def test_apprise_carries_title_urgency_and_picture(service: Service, tmp_path: Path) -> None:
    picture = tmp_path / "daisy.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    message = Message(tag="t", to="Greg", title="Maple", body="Not fed.", urgency="critical", picture=picture)
    AppriseChannel().send(message, service.address)
    [got] = service.got
    assert (got["title"], got["message"], got["type"]) == ("Maple", "Not fed.", "failure")
    assert len(got["attachments"]) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/refuse", ""])
def test_a_refusal_says_why_and_hides_the_address(service: Service, path: str) -> None:
    address = service.address + path if path else "json://sam:hunter2secret@127.0.0.1:9"
    with pytest.raises(ChannelError) as raised:
        AppriseChannel().send(MESSAGE, address)
    assert "hunter2secret" not in str(raised.value)
    assert len(str(raised.value)) > len("Apprise could not deliver: .")


def test_an_address_that_apprise_does_not_know_says_what_is_expected() -> None:
    with pytest.raises(ChannelError, match=r"expected an Apprise URL such as .* found the scheme 'pigeon'"):
        AppriseChannel().send(MESSAGE, "pigeon://secret-roof")


def test_the_built_in_channels_are_found_and_import_nothing_until_used() -> None:
    assert {"console", "apprise"} <= installed().keys()
    assert isinstance(Channels().get("console"), Console)


def test_an_installed_channel_that_cannot_be_loaded_is_an_error_of_the_channel() -> None:
    channels = Channels({"pigeon": EntryPoint("pigeon", "no_such_module:Pigeon", GROUP)})
    with pytest.raises(ChannelError, match=r"'pigeon' cannot be loaded: No module named 'no_such_module'"):
        channels.get("pigeon")
    with pytest.raises(ChannelError, match="There is no channel 'phone'; installed are pigeon"):
        channels.get("phone")


class Telling:
    def send(self, message: Message, address: str) -> None:
        if "down" in address:
            raise ChannelError(f"{address} is down")


class Silent:
    def send(self, message: Message, address: str) -> None:
        """Pretend."""


class Foreign:
    def send(self, message: Message, address: str) -> None:
        if "down" in address:
            raise OSError("no route")


class Answering:
    def send(self, message: Message, address: str) -> bool:
        return True


class PictureOnly:
    def send(self, message: Message, address: str) -> None:
        if message.picture is not None:
            message.picture.read_bytes()


@pytest.mark.parametrize(
    ("channel", "obligation"),
    [
        (Telling(), "must not show the address"),
        (Silent(), "must raise ChannelError when"),
        (Foreign(), "must raise ChannelError for"),
        (Answering(), "must return None"),
        (PictureOnly(), "must take"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_check_finds_a_channel_that_breaks_its_word(channel: Channel, obligation: str) -> None:
    with pytest.raises(AssertionError, match=obligation):
        check_channel(channel, "up", "down://secret")


def test_importing_the_port_imports_no_adapter() -> None:
    import subprocess

    code = "import sys, proactive.notify.channel; assert 'apprise' not in sys.modules and 'sqlmodel' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
