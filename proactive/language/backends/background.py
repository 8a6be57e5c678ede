"""Calls that can be given up at any moment: they run on a loop of their own, and whoever asked listens to them.

A blocked read cannot be interrupted from outside, a task can. So a call is a coroutine on one event loop in a thread of its
own; the thread that asked waits for text, for the end, for `cancel` and for the deadline, and hears the text itself: a callback
never runs in a foreign thread, and what it raises ends the call.
"""

from __future__ import annotations

import asyncio
import atexit
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack
from functools import cache, partial
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import TypeVar

from anyio.from_thread import BlockingPortal, start_blocking_portal

from proactive.language.model import ModelError

T = TypeVar("T")
Emit = Callable[[str], None]

TICK = 0.05  # seconds between two looks at `cancel`


@cache
def _portal() -> BlockingPortal:
    """Return the way to the loop, which runs in a thread of its own until the process ends."""
    opened = ExitStack()
    portal = opened.enter_context(start_blocking_portal("asyncio"))
    atexit.register(_close, portal, opened)
    return portal


def _close(portal: BlockingPortal, opened: ExitStack) -> None:
    """End what is still under way: a process that ends waits for no model."""
    portal.call(portal.stop, True)
    opened.close()


def start(work: Callable[[], Awaitable[T]]) -> Future[T]:
    """Start work on the loop; cancelling the future cancels it there.

    It is cancelled as anyio does: httpx shields the closing of connections from that, but not from a bare `Task.cancel`, after
    which a connection may stay open for good.
    """
    return _portal().start_task_soon(work)


def carry_out(
    work: Callable[[Emit], Awaitable[T]],
    seconds: float,
    on_text: Callable[[str], None] | None = None,
    cancel: Event | None = None,
) -> T:
    """Return what a call gives; `on_text` hears, in this thread, what the call emits.

    Raise ModelError `cancelled` within a tick of `cancel`, `timeout` after so many seconds, and what the call raises.
    """
    texts: SimpleQueue[str | None] = SimpleQueue()
    if cancel is not None and cancel.is_set():
        raise _cancelled()
    future = start(partial(work, texts.put))
    future.add_done_callback(lambda _: texts.put(None))
    try:
        _listen(texts, monotonic() + seconds, on_text, cancel)
        return future.result()
    except TimeoutError as error:
        raise ModelError(
            "timeout", f"no answer within {seconds:g} s. Set PROACTIVE_LLM_TIMEOUT to wait longer."
        ) from error
    except CancelledError as error:  # the process ends
        raise _cancelled() from error
    finally:
        future.cancel()


def _listen(
    texts: SimpleQueue[str | None], deadline: float, on_text: Callable[[str], None] | None, cancel: Event | None
) -> None:
    """Hear texts until the call has ended. Raise TimeoutError at the deadline."""
    while True:
        if cancel is not None and cancel.is_set():
            raise _cancelled()
        left = deadline - monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            text = texts.get(timeout=min(TICK, left))
        except Empty:
            continue
        if text is None:
            return
        if on_text is not None:
            on_text(text)


def _cancelled() -> ModelError:
    return ModelError("cancelled", "the request was cancelled.")


def in_thread(work: Callable[[], T]) -> Awaitable[T]:
    """Return what blocking work gives, from a thread that nobody waits for when the awaiting task is cancelled.

    Unlike an executor's, the thread does not hold up the end of the process.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()
    Thread(target=_settle, args=(work, loop, future), name="language model call", daemon=True).start()
    return future


def _settle(work: Callable[[], T], loop: asyncio.AbstractEventLoop, future: asyncio.Future[T]) -> None:
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - it is raised again where the work is awaited
        loop.call_soon_threadsafe(_fail, future, error)
    else:
        loop.call_soon_threadsafe(_give, future, result)


def _give(future: asyncio.Future[T], result: T) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[T], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
