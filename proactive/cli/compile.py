"""`proactive compile`: requests in words become rules, JSON lines to JSON lines, nothing saved."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

import click
import msgspec

from proactive.cli.desk import counted
from rules.problem import InputError, Problem, nearest
from rules.record import BROKEN

if TYPE_CHECKING:
    from proactive.language.request import Reader
    from rules.home import Home


@click.command()
@click.option("--home", "homes", multiple=True, required=True, help="home.yaml, or .jsonl with many; may be repeated.")
@click.option("--model", default="local", show_default=True, help="Who reads: local, or PROVIDER:MODEL.")
def compile_(homes: Sequence[str], model: str) -> None:
    """Turn requests in words into rules: JSON lines to JSON lines.

    Reads {"id","text","speaker"} on the standard input, with "home" where several homes are given, and writes what
    became of each, in order. A line that is no request is named on stderr, the rest is read, and the status is 2.
    """
    from proactive.home_file import load_homes
    from proactive.language.reader import load_reader

    known = {home.home: home for home in load_homes(homes)}
    chosen = load_reader(model)
    bad = 0
    for line in compiled(sys.stdin.buffer, known, chosen, datetime.now(UTC)):
        if isinstance(line, InputError):
            bad += 1
            for problem in line.problems:
                click.echo(f"Error: {problem}", err=True)
            continue
        sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()
    if bad:
        raise InputError([Problem("bad_lines", "input", f"{counted(bad, 'line')} left out; all others were read.")])


def compiled(
    lines: IO[bytes] | Sequence[bytes], homes: dict[str, Home], reader: Reader, now: datetime
) -> Iterator[bytes | InputError]:
    """Yield the JSON line of what became of each request; of a line that is none, what is wrong with it."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _compiled(line, f"line {number}", homes, reader, now)
            except InputError as error:
                yield error


def _compiled(line: bytes, where: str, homes: dict[str, Home], reader: Reader, now: datetime) -> bytes:
    from proactive.language.understand import understand

    request = _request(line, where)
    home = _home(request, homes, where)
    outcome = understand(request["text"], request.get("speaker"), home, now=now, reader=reader)
    return msgspec.json.encode({"id": request["id"], **outcome.as_json()})


def _request(line: bytes, where: str) -> dict[str, Any]:
    try:
        request = msgspec.json.decode(line)
    except BROKEN as error:
        raise InputError([Problem("not_json", where, f"expected one request as a JSON object: {error}.")]) from error
    if not isinstance(request, dict):
        raise InputError([Problem("not_an_object", where, f"expected an object, found {type(request).__name__}.")])
    problems = [p for p in (_scalar(request, "id", where), _text(request, where), _speaker(request, where)) if p]
    if problems:
        raise InputError(problems)
    return request


def _scalar(request: dict[str, Any], key: str, where: str) -> Problem | None:
    if isinstance(request.get(key), str | int):
        return None
    return Problem("missing", f"{where}: {key}", f"expected a text or a number, found {request.get(key)!r}.")


def _text(request: dict[str, Any], where: str) -> Problem | None:
    if isinstance(request.get("text"), str):
        return None
    return Problem("missing", f"{where}: text", f"expected the request as a text, found {request.get('text')!r}.")


def _speaker(request: dict[str, Any], where: str) -> Problem | None:
    speaker = request.get("speaker")
    if speaker is None or isinstance(speaker, str):
        return None
    return Problem("invalid", f"{where}: speaker", f"expected a person's id, found {speaker!r}.")


def _home(request: dict[str, Any], homes: dict[str, Home], where: str) -> Home:
    """Return the home of a request: the one it names, or the only one; its speaker must live there."""
    name = request.get("home") or (next(iter(homes)) if len(homes) == 1 else None)
    if name not in homes:
        message = f"expected one of {', '.join(homes)}; found {name!r}."
        hint = nearest(name, homes) if isinstance(name, str) else "Name the home in the request."
        raise InputError([Problem("unknown_home", f"{where}: home", message, hint)])
    home = homes[name]
    speaker = request.get("speaker")
    people = [person.id for person in home.people]
    if speaker is not None and speaker not in people:
        message = f"expected one of {', '.join(people) or 'nobody'}; found {speaker!r}."
        raise InputError([Problem("unknown_person", f"{where}: speaker", message, nearest(speaker, people))])
    return home
