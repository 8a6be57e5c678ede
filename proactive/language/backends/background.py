"""Calls that can be given up at any moment: they run on a loop of their own, and whoever asked listens to them.

A blocked read cannot be interrupted from outside, a task can. So a call is a coroutine on one event loop in a thread of its
own; the thread that asked waits for text, for the end, for `cancel` and for the deadline, and hears the text itself: a callback
never runs in a foreign thread, and what it raises ends the call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from functools import cache
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import TypeVar

from proactive.language.model import ModelError

T = TypeVar("T")
Emit = Callable[[str], None]

TICK = 0.05  # seconds between two looks at `cancel`


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="language models", daemon=True).start()
    return loop


def start(work: Coroutine[object, object, T]) -> Future[T]:
    """Start a coroutine on the loop; cancelling the future cancels it there."""
    return asyncio.run_coroutine_threadsafe(work, _loop())


def carry_out(
    work: Callable[[Emit], Coroutine[object, object, T]],
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
    future = start(work(texts.put))
    future.add_done_callback(lambda _: texts.put(None))
    try:
        _listen(texts, monotonic() + seconds, on_text, cancel)
        return future.result()
    except TimeoutError as error:
        raise ModelError(
            "timeout", f"no answer within {seconds:g} s. Set PROACTIVE_LLM_TIMEOUT to wait longer."
        ) from error
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
