"""Sent: files that a form carries. Their names are only shown; nothing is ever written under one."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import UploadFile

from proactive.web.bounds import MEGABYTE
from proactive.web.problem import Refused

LONGEST = 80  # letters of a name


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came: what it is called, fit to be shown, and what is in it."""

    name: str
    content: bytes


def files(field: str, most: int, largest: int) -> Callable[[Request], Awaitable[list[Sent]]]:
    """Return the dependency that reads at most so many files of a form, each of at most `largest` bytes. Raises Refused.

    Name it after the one that says who may: by then somebody who may not was turned away.
    """

    async def read(request: Request) -> list[Sent]:
        form = await request.form(max_files=most + 1)
        given = [each for each in form.getlist(field) if isinstance(each, UploadFile) and (each.size or each.filename)]
        if len(given) > most:
            raise Refused(422, f"That is too many at once: expected at most {most} files.")
        for each in given:
            if (each.size or 0) > largest:
                name, room = shown_name(each.filename or ""), largest // MEGABYTE
                raise Refused(413, f"{name} is too large: expected at most {room} MB. Send a smaller one.")
        return [Sent(shown_name(each.filename or ""), await each.read()) for each in given]

    return read


def upload(field: str, largest: int) -> Callable[[Request], Awaitable[UploadFile | None]]:
    """Return the dependency that gives the one file of a form, open to be read, or None where there is none. Raises Refused."""

    async def read(request: Request) -> UploadFile | None:
        given = (await request.form(max_files=1)).get(field)
        if not isinstance(given, UploadFile) or not given.filename:
            return None
        if (given.size or 0) > largest:
            raise Refused(413, f"That is too large: expected at most {largest // MEGABYTE} MB. Send a smaller one.")
        return given

    return read


def shown_name(name: str) -> str:
    """Return the last part of a file's name, without what is no letter on a page, and not too long."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(each for each in last if each.isprintable()).strip()[:LONGEST] or "a file"
