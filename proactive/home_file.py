"""Home files: one home as YAML, or many as JSON lines, read and written.

A file that ends in `.jsonl` or `.ndjson` holds one home a line; any other is YAML (so JSON too), one home a
document. A mistake is reported with its file and line; a key that means nothing is only a warning, since the home
works without it.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from rules.home import Home, parse_home
from rules.problem import InputError, Problem, nearest
from rules.record import BROKEN

if TYPE_CHECKING:
    import yaml

MOST = 20  # problems shown at once: a file of the wrong kind has one on each line
MOST_ENTRIES = 1_000_000  # of one home in YAML
_ENDLESS = 1 << 62
Warn = Callable[[Problem], None]


def load_homes(paths: Iterable[str | Path], warn: Warn | None = None) -> list[Home]:
    """Return the homes of the files, in order. Raise InputError with file and line of what is wrong.

    `warn` is called with a problem for each key that means nothing. A home may be given once only.
    """
    with _without_collecting():
        return _load(paths, warn)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Pause the garbage collector: homes have no cycles, and walking thousands of them again and again costs half."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _load(paths: Iterable[str | Path], warn: Warn | None) -> list[Home]:
    homes: list[Home] = []
    problems: list[Problem] = []
    places: dict[str, str] = {}
    for where, read in (entry for path in paths for entry in _entries(Path(path))):
        try:
            home = read()
        except InputError as error:
            problems += error.problems
            continue
        if home.home in places:
            message = f"home {home.home!r} was given before, in {places[home.home]}."
            problems.append(Problem("home_twice", where, message, "Give each home once."))
        places[home.home] = where
        homes.append(home)
        if warn:
            _warn_of_unknown_keys(home, where, warn)
    if problems:
        raise InputError(_first(problems))
    return homes


def dump_home(home: Home) -> str:
    """Return the home as YAML that `load_homes` reads back as an equal home."""
    import yaml
    from typing_extensions import override

    class Dumper(yaml.SafeDumper):
        """Writes lists of numbers, words and points on one line."""

        @override
        def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
            return super().represent_sequence(tag, sequence, flow_style=_is_flat(sequence))

        @override
        def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
            return super().represent_mapping(tag, mapping, flow_style=False if mapping is value else flow_style)

    value = home_json(home)
    return yaml.dump(value, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None)


def _is_flat(value: Any) -> bool:
    return isinstance(value, list | tuple) and not any(isinstance(x, dict) or _is_nested(x) for x in value)


def _is_nested(value: Any) -> bool:
    return isinstance(value, list | tuple) and any(isinstance(x, list | tuple | dict) for x in value)


def home_json(home: Home) -> dict[str, Any]:
    """Return the home as a plain JSON object, without what is as by default."""
    return home.model_dump(mode="json", exclude_defaults=True)


# --- reading ----------------------------------------------------------------------------------------------------

Entry = tuple[str, Callable[[], Home]]


def _entries(path: Path) -> Iterator[Entry]:
    """Yield each home of a file as its place and a function that reads it."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        problem = Problem("unreadable", str(path), f"cannot be read: {error.strerror}.", "Check the path.")
        raise InputError([problem]) from error
    if path.suffix.lower() in {".jsonl", ".ndjson"}:
        yield from _jsonl_entries(path, raw)
    else:
        yield from _yaml_entries(path, raw)


def _jsonl_entries(path: Path, raw: bytes) -> Iterator[Entry]:
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            where = f"{path}:{number}"
            yield where, lambda line=line, where=where: _home_of_line(line, where)  # type: ignore[misc]


def _home_of_line(line: bytes, where: str) -> Home:
    try:
        value = msgspec.json.decode(line)
    except BROKEN as error:
        raise InputError([Problem("not_json", where, f"expected one home as a JSON object: {error}.")]) from error
    return parse_home(value, where)


def _yaml_entries(path: Path, raw: bytes) -> Iterator[Entry]:
    import yaml

    try:
        text = raw.decode("utf-8-sig")
        nodes = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except UnicodeDecodeError as error:
        message = f"expected UTF-8 text, found the byte {raw[error.start]:#04x} at {error.start}."
        raise InputError([Problem("not_text", str(path), message)]) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise InputError([Problem("not_yaml", where, f"expected YAML: {error.problem or error.context}.")]) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError([Problem("not_yaml", str(path), f"expected YAML: {error}.")]) from error
    if not nodes:
        message = "expected a home, found nothing."
        raise InputError([Problem("not_a_home", str(path), message, "It starts with 'home: <id>'.")])
    for node in nodes:
        yield f"{path}:{_line(node)}", lambda node=node: _home_of_node(node, path)  # type: ignore[misc]


def _home_of_node(node: yaml.Node, path: Path) -> Home:
    import yaml

    if _size(node, {}) > MOST_ENTRIES:
        message = f"expected at most {MOST_ENTRIES:,} entries, found that its aliases make more of it."
        raise InputError([Problem("too_large", f"{path}:{_line(node)}", message, "Write out what & and * stand for.")])
    if twice := list(_repeated_keys(node, set())):
        raise InputError(_repeated(key, path) for key in twice)
    try:
        value = yaml.SafeLoader("").construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else _line(node)
        raise InputError([Problem("not_yaml", f"{path}:{line}", f"expected YAML: {error.problem}.")]) from error
    except ValueError as error:  # such as a number of thousands of digits
        raise InputError([Problem("not_yaml", f"{path}:{_line(node)}", f"expected YAML: {error}.")]) from error
    try:
        return parse_home(value)
    except InputError as error:
        raise InputError(_located(problem, node, path) for problem in error.problems) from error


def _repeated(key: yaml.Node, path: Path) -> Problem:
    message = f"the key {key.value!r} is given twice; the first would be lost."
    return Problem("key_twice", f"{path}:{_line(key)}", message, "Join the two.")


def _size(node: yaml.Node, sizes: dict[int, int]) -> int:
    """Return how many entries a node has, each alias counted as what it stands for; one of itself is endless."""
    if id(node) not in sizes:
        sizes[id(node)] = _ENDLESS
        inner: Iterable[yaml.Node] = () if isinstance(node.value, str) else node.value
        if isinstance(node.value, list) and node.value and isinstance(node.value[0], tuple):
            inner = (each for pair in node.value for each in pair)
        sizes[id(node)] = min(1 + sum(_size(each, sizes) for each in inner), _ENDLESS)
    return sizes[id(node)]


def _repeated_keys(node: yaml.Node, seen: set[int]) -> Iterator[yaml.Node]:
    """Yield each key that a mapping at or below the node has for the second time; aliases are looked at once."""
    import yaml

    if id(node) in seen or isinstance(node, yaml.ScalarNode):
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for inner in node.value:
            yield from _repeated_keys(inner, seen)
        return
    names: set[object] = set()
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
            if key.value in names:
                yield key
            names.add(key.value)
        yield from _repeated_keys(value, seen)


# --- places -----------------------------------------------------------------------------------------------------


def _located(problem: Problem, node: yaml.Node, path: Path) -> Problem:
    where = f"{path}:{_line(_find(node, problem.where))}"
    if problem.where:
        where += f": {problem.where}"
    return Problem(problem.code, where, problem.message, problem.hint)


def _find(node: yaml.Node, path: str) -> yaml.Node:
    """Return the node at a path such as `cameras[0].zones.porch`, or the last one on the way that exists."""
    import yaml

    for part in re.findall(r"\[\d+\]|[^.\[\]]+", path):
        inner: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            inner = next((value for key, value in node.value if key.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and part[0] == "[" and int(part[1:-1]) < len(node.value):
            inner = node.value[int(part[1:-1])]
        if inner is None:
            return node
        node = inner
    return node


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _warn_of_unknown_keys(home: Home, where: str, warn: Warn) -> None:
    for key in home.unknown_keys():
        owner, _, name = key.rpartition(".")
        known = type(home.by_id[owner]).model_fields if owner in home.by_id else Home.model_fields
        message = f"{key!r} is not a known key; it is kept and changes nothing."
        warn(Problem("unknown_key", where, message, nearest(name, known)))


def _first(problems: Sequence[Problem]) -> list[Problem]:
    if len(problems) <= MOST:
        return list(problems)
    return [*problems[:MOST], Problem("more", "", f"and {len(problems) - MOST} more.")]
