"""The first picture of a camera, for whoever is about to add it: proof that its address and password are right, or what is wrong."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rules.problem import InputError, Problem

if TYPE_CHECKING:
    from vision.frame import Image
    from vision.live.glimpse import Glimpse

SECONDS = 12.0  # for a camera to answer and send a picture; one that is asleep takes up to ten
_HINT = "It starts with rtsp://, http:// or https://; the camera's manual or app has it."


def check_address(address: str) -> None:
    """Raise InputError unless it is the address of a live camera: a file of this machine is none."""
    from vision.live.address import kind_of

    if kind_of(address) is None:
        raise InputError([Problem("not_a_camera", "address", "expected the address of a camera.", _HINT)])


def first_picture(address: str, seconds: float = SECONDS) -> Glimpse:
    """Return the first picture that a camera sends. Raise InputError for a wrong address, SourceLost where no picture comes."""
    from vision.detection import nothing
    from vision.frame import Frame
    from vision.live.address import without_password
    from vision.live.glimpse import glimpse_of
    from vision.live.shot import CHECK, SourceLost

    check_address(address)
    came: queue.Queue[Image | Exception] = queue.Queue()
    # A daemon that is not waited for: a camera that hangs holds its connection until its own patience ends.
    threading.Thread(target=_read, args=(address, came), name="first picture", daemon=True).start()
    try:
        found = came.get(timeout=seconds)
    except queue.Empty:
        raise SourceLost(f"{without_password(address)}: no picture came within {seconds:.0f} s. {CHECK}") from None
    if isinstance(found, Exception):
        raise found
    return glimpse_of("", Frame(found, datetime.now(UTC), ""), nothing())


def _read(address: str, came: queue.Queue[Image | Exception]) -> None:
    from vision.live.address import without_password
    from vision.live.shot import CHECK, SourceLost

    shown = without_password(address)
    try:
        came.put(next(_pictures(address)))
    except StopIteration:
        came.put(SourceLost(f"{shown}: it ended without a picture that can be read. {CHECK}"))
    except (SourceLost, InputError) as error:
        came.put(error)
    except Exception as error:  # noqa: BLE001  the text of others' errors may hold the address
        came.put(SourceLost(f"{shown}: reading failed ({type(error).__name__}). {CHECK}"))


def _pictures(address: str) -> Iterator[Image]:
    """Yield what can be decoded of what comes; an old picture proves the address as well as a new one."""
    from vision.live.connection import connect

    with closing(connect(address, lambda: datetime.now(UTC), rate=2.5)) as shots:  # type: ignore[type-var]  # generators, which close
        for shot in shots:
            if (image := shot.decode()) is not None:
                yield image
