"""A gate before a broker: it speaks TLS, and asks who is there (SASL), as Apache Kafka does; then it passes on what is said.

The tests' broker does neither soundly. What a client says is framed: its size, what it asks for, in which version, and a number by
which it knows the answer (https://kafka.apache.org/protocol). Until it has said who it is, only three questions are answered.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ssl
import threading
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from tests.brokers import free_port

HANDSHAKE, VERSIONS, AUTHENTICATE = 17, 18, 36
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
ROUNDS, SALT = 4096, b"salt"
_REFUSED = 58  # SASL_AUTHENTICATION_FAILED


@dataclass
class Gate:
    """Listens at `port` and passes on to `to`, once that is known; `users` have passwords, and without any nobody is asked."""

    context: ssl.SSLContext | None = None
    users: dict[str, str] = field(default_factory=dict)
    to: int = 0
    port: int = field(default_factory=free_port)
    let_in: list[str] = field(default_factory=list)  # by which mechanism, once for each connection

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _open(self) -> None:
        self._server = await asyncio.start_server(self._let_through, "127.0.0.1", self.port, ssl=self.context)

    async def _close(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _let_through(self, client: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        try:
            broker, ask = await asyncio.open_connection("127.0.0.1", self.to)
            async with asyncio.TaskGroup() as both:
                if self.users:
                    await Doorkeeper(self, client, answer, broker, ask).admit()
                both.create_task(_pass_on(client, ask))
                both.create_task(_pass_on(broker, answer))
        except (OSError, asyncio.IncompleteReadError, PermissionError, ExceptionGroup):
            pass
        finally:
            answer.close()


@dataclass
class Doorkeeper:
    """Asks one client who it is."""

    gate: Gate
    client: asyncio.StreamReader
    answer: asyncio.StreamWriter
    broker: asyncio.StreamReader
    ask: asyncio.StreamWriter
    mechanism: str = ""

    async def admit(self) -> None:
        """Return when the client has proved who it is; raise PermissionError when it cannot."""
        said: list[str] = []
        while True:
            frame = await _frame(self.client)
            kind, version, number = int.from_bytes(frame[:2]), int.from_bytes(frame[2:4]), frame[4:8]
            body = frame[10 + int.from_bytes(frame[8:10]) :]
            if kind == VERSIONS:
                self.ask.write(_framed(frame))
                self.answer.write(_framed(await _frame(self.broker)))
            elif kind == HANDSHAKE:
                self.mechanism = body[2 : 2 + int.from_bytes(body[:2])].decode()
                names = b"".join(_short(name.encode()) for name in MECHANISMS)
                self.answer.write(_framed(number + bytes(2) + len(MECHANISMS).to_bytes(4) + names))
            elif kind == AUTHENTICATE:
                told = body[4:] if version < 2 else body[1 + _size_of_length(body[1:]) : -1]
                said.append(told.decode())
                try:
                    reply, done = self._hear(said)
                except PermissionError:
                    self.answer.write(_framed(_authenticated(version, number, _REFUSED, b"")))
                    await self.client.read()  # Kafka too waits a moment, until who was refused has heard it and gone
                    raise
                self.answer.write(_framed(_authenticated(version, number, 0, reply)))
                if done:
                    self.gate.let_in.append(self.mechanism)
                    return
            else:
                raise PermissionError("nobody asks for anything before he has said who he is")

    def _hear(self, said: list[str]) -> tuple[bytes, bool]:
        """Return what is answered to the last thing said, and whether the client is let in."""
        if self.mechanism == "PLAIN":
            _, user, password = said[0].split("\0")
            _require(self.gate.users.get(user) == password)
            return b"", True
        user, nonce = (part[2:] for part in said[0].split(",")[2:4])
        first = f"r={nonce}ours,s={b64encode(SALT).decode()},i={ROUNDS}"
        if len(said) == 1:
            return first.encode(), False
        return self._prove(user, said, first), True

    def _prove(self, user: str, said: list[str], first: str) -> bytes:
        """Return the proof that the server knows the password too; raise PermissionError without the client's (RFC 5802)."""
        kind = "sha256" if self.mechanism == "SCRAM-SHA-256" else "sha512"
        salted = hashlib.pbkdf2_hmac(kind, self.gate.users.get(user, "").encode(), SALT, ROUNDS)
        bare, _, proof = said[1].rpartition(",p=")
        message = ",".join((said[0][3:], first, bare)).encode()
        key = hmac.digest(salted, b"Client Key", kind)
        signature = hmac.digest(hashlib.new(kind, key).digest(), message, kind)
        _require(bytes(a ^ b for a, b in zip(key, signature, strict=True)) == b64decode(proof))
        return b"v=" + b64encode(hmac.digest(hmac.digest(salted, b"Server Key", kind), message, kind))


def _require(is_true: bool) -> None:
    if not is_true:
        raise PermissionError


def _authenticated(version: int, number: bytes, error: int, reply: bytes) -> bytes:
    text = b"no such user, or another password" if error else None
    if version < 2:
        told = (len(text).to_bytes(2) + text) if text else b"\xff\xff"
        return number + error.to_bytes(2) + told + len(reply).to_bytes(4) + reply + bytes(8 if version else 0)
    told = _length(len(text) + 1) + text if text else b"\0"
    return number + b"\0" + error.to_bytes(2) + told + _length(len(reply) + 1) + reply + bytes(8) + b"\0"


def _length(size: int) -> bytes:
    return bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])


def _size_of_length(body: bytes) -> int:
    return 1 if body[0] < 128 else 2


def _short(text: bytes) -> bytes:
    return len(text).to_bytes(2) + text


def _framed(frame: bytes) -> bytes:
    return len(frame).to_bytes(4) + frame


async def _frame(reader: asyncio.StreamReader) -> bytes:
    return await reader.readexactly(int.from_bytes(await reader.readexactly(4)))


async def _pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(1 << 16):
            sink.write(data)
            await sink.drain()
    sink.close()
