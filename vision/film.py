"""Films: of the pictures in a video file those that somebody looks at, by PyAV.

Most pictures of a film build on others, so they have to be decoded whether or not anybody looks at them. Those that none builds on, often
half of them, do not: packets tell the times of their pictures, so it is known before one is decoded whether it will be looked at. What comes
is to the bit what decoding all would give.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from heapq import heappop, heappush
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vision.frame import Image

# A film may come from anybody, and some formats only list other files and addresses to be opened: those are not read.
_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,h264,hevc,obu,ivf,flv,ogg,asf,gif,mjpeg,dv,mxf,rm,nut"
_ONE_FILE = {"format_whitelist": _FORMATS, "protocol_whitelist": "file"}
LATEST = 17  # packets: no codec sends a picture more than 16 before one that is shown earlier
_USUAL_RATE = 25.0  # frames a second, where a film does not say
av.logging.set_level(None)  # what is wrong with a film is said once, by who opens it

if TYPE_CHECKING:
    VideoPacket = Packet[VideoStream]  # only its stub is generic


class Unreadable(ValueError):
    """Say that FFmpeg finds no video in a file."""


class Due:
    """Says which of many frames to look at, so that there are `rate` a second however they are spaced."""

    def __init__(self, rate: float) -> None:
        self._period = 1 / rate
        self._next = 0.0

    def __call__(self, seconds: float) -> bool:
        """Return whether the frame at that many seconds is due. A hundredth of a period early is on time."""
        if seconds < self._next - self._period / 100:
            return False
        behind = seconds - self._next
        self._next = (self._next if behind < self._period else seconds) + self._period
        return True


class Film:
    """An open video file. Its pictures can be had once; close it afterwards. Raise Unreadable."""

    def __init__(self, path: Path) -> None:
        try:
            # Absolute: FFmpeg takes what stands before a colon for a protocol.
            self._container: InputContainer = av.open(str(path.absolute()), options=_ONE_FILE)
            self._stream = self._container.streams.video[0]
        except (av.FFmpegError, IndexError) as error:
            raise Unreadable(f"{path}: expected a video, found nothing that FFmpeg can read.") from error
        # One thread: a second one decodes no faster than it takes from whoever looks, and costs a fifth more by itself.
        self._stream.codec_context.thread_count = 1

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    @property
    def length(self) -> float:
        """Return how many seconds the film lasts, 0 where it does not say."""
        if self._stream.duration is not None and self._stream.time_base:
            return float(self._stream.duration * self._stream.time_base)
        return (self._container.duration or 0) / av.time_base

    def pictures(self, rate: float) -> Iterator[tuple[float, Image]]:
        """Yield `rate` pictures a second, each with its seconds since the film began."""
        due, last = Due(rate), -1.0
        for packet, wanted in self._planned(Due(rate)):
            self._stream.codec_context.skip_frame = "DEFAULT" if wanted else "NONREF"
            for frame in decoded(packet):
                last = self._after(last, frame)
                # Asked again, of what could be decoded: in place of a broken picture the next one is looked at.
                if due(last):
                    yield last, image_of(frame)

    def _planned(self, due: Due) -> Iterator[tuple[VideoPacket, bool]]:
        """Yield the packets as they were sent, each with whether its picture is due."""
        held: deque[VideoPacket] = deque()
        times: list[int] = []
        wanted: set[int | None] = {None}  # what has no time may be due
        for packet in self._packets():
            held.append(packet)
            if packet.pts is not None:
                heappush(times, packet.pts)
            if len(times) > LATEST:
                self._settle(times, wanted, due)
            if len(held) > 2 * LATEST:
                yield _settled(held, wanted)
        while times:
            self._settle(times, wanted, due)
        while held:
            yield _settled(held, wanted)

    def _settle(self, times: list[int], wanted: set[int | None], due: Due) -> None:
        """Take the earliest time, and keep it among the wanted ones where it is due."""
        if due(self._seconds(earliest := heappop(times))):
            wanted.add(earliest)

    def _packets(self) -> Iterator[VideoPacket]:
        """Yield the packets of the video; a file that is cut off ends where it is."""
        with suppress(av.FFmpegError):
            yield from self._container.demux(self._stream)

    def _seconds(self, stamp: int) -> float:
        return float((stamp - (self._stream.start_time or 0)) * (self._stream.time_base or 0))

    def _after(self, last: float, frame: VideoFrame) -> float:
        """Return the seconds of a frame: by its timestamp where that goes forward, else one frame after the last."""
        stamped = last if frame.pts is None else self._seconds(frame.pts)
        return stamped if stamped > last else last + 1 / float(self._stream.average_rate or _USUAL_RATE)


def _settled(held: deque[VideoPacket], wanted: set[int | None]) -> tuple[VideoPacket, bool]:
    packet = held.popleft()
    is_wanted = packet.pts in wanted
    wanted -= {packet.pts} - {None}
    return packet, is_wanted


def decoded(packet: VideoPacket) -> list[VideoFrame]:
    """Return the whole pictures that a packet completes; none where it is broken, which the next key frame mends."""
    try:
        return [frame for frame in packet.decode() if not frame.is_corrupt]
    except av.error.InvalidDataError:
        return []


def image_of(frame: VideoFrame) -> Image:
    """Return a decoded picture as height x width x 3, BGR, as the camera was held; rows may be padded in memory."""
    plane = frame.reformat(format="bgr24", threads=1).planes[0]
    # A view: to copy a large picture costs four times as much as to convert its colours.
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    image = rows[:, : 3 * plane.width].reshape(plane.height, plane.width, 3)
    turns = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(image, turns)) if turns else image
