"""Multipart: the pictures in a stream of MJPEG over HTTP, as bytes. No I/O.

Cameras keep to RFC 2046 loosely: with or without `Content-Length`, with a boundary that already has its dashes, with blank lines
to spare. With a length a picture is whole as soon as its last byte is there; without one, only at the next boundary.
"""

from __future__ import annotations

import re

_LENGTH = re.compile(rb"content-length\s*:\s*(\d+)", re.IGNORECASE)
_BOUNDARY = re.compile(r'boundary="?([^";,\s]+)"?', re.IGNORECASE)
LARGEST = 16 << 20  # bytes of one picture


class NotMultipart(ValueError):
    """Say that a stream has no parts where they should be."""


def boundary_of(content_type: str) -> bytes | None:
    """Return the boundary of a `multipart/x-mixed-replace` content type, dashes and all, or None for another type."""
    found = _BOUNDARY.search(content_type)
    if "multipart/" not in content_type.lower() or not found:
        return None
    return b"--" + found[1].removeprefix("--").encode()


class Parts:
    """Cuts a stream into the bodies of its parts, however the stream is cut into chunks."""

    def __init__(self, boundary: bytes) -> None:
        self._boundary = boundary
        self._buffer = bytearray()

    def receive(self, chunk: bytes) -> list[bytes]:
        """Return the parts that this chunk completes. Raise NotMultipart when one would be larger than `LARGEST`."""
        self._buffer += chunk
        found = []
        while (part := self._next()) is not None:
            found.append(part)
        if len(self._buffer) > LARGEST:
            raise NotMultipart(f"expected a picture of at most {LARGEST >> 20} MB, found no end of it")
        return [part for part in found if part]

    def _next(self) -> bytes | None:
        """Return the next part and forget it, or None while it is not whole."""
        at = self._buffer.find(self._boundary)
        head = self._buffer.find(b"\r\n\r\n", at) if at >= 0 else -1
        if head < 0:
            return None
        body, length = head + 4, _LENGTH.search(self._buffer, at, head)
        if length:
            end = body + int(length[1])
            return self._take(body, end, end) if len(self._buffer) >= end else None
        end = self._buffer.find(self._boundary, body)
        return self._take(body, end, end) if end >= 0 else None

    def _take(self, start: int, end: int, keep: int) -> bytes:
        part = bytes(self._buffer[start:end])
        del self._buffer[:keep]
        return part
