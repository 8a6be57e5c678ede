"""The checkup behind `proactive doctor`: what works here, what does not, and what to do about it.

Each check looks only: no file is made, nothing is downloaded, and no network is touched but what the settings
name: model servers and Kafka's brokers are asked whether they answer, and how it goes. (An older store is brought up to
date, as any command that opens it would.)
"""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from proactive.cameras import VIEWS, CameraStatus, statuses
from proactive.capability import detectors
from proactive.clock import now
from proactive.error import ProactiveError
from proactive.load import load_of
from proactive.settings import ModelRole, Settings, hide_password, unknown_settings
from proactive.version import version as own_version
from rules.failure import ADVICE
from rules.problem import InputError
from rules.units import DAY, SECOND, instant, moment, rfc3339

if TYPE_CHECKING:
    from proactive.store import Store
    from streams.log import Failed

ROOM = 100 << 20  # bytes free in the data folder below which a log soon stops
PROBE_SECONDS = 3.0  # for a model server to say that it is there
PACKAGES = (
    "pydantic",
    "msgspec",
    "sqlmodel",
    "apprise",
    "opencv-python-headless",
    "openvino",
    "faust-streaming",
    "boto3",
    "xllamacpp",
)

State = Literal["ok", "advice", "broken"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: whether it works, in words, and what to do where it does not."""

    about: str
    state: State
    found: str
    advice: str = ""


def checkup(settings: Settings) -> list[Finding]:
    """Return what every check found, in order."""
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _program,
        _settings,
        _folder,
        _store,
        _serving,
        _cluster,
        _phones,
        _log,
        _detectors,
        _cameras,
        _load,
        _models,
        _voice,
    )
    return [finding for check in checks for finding in check(settings)]


def _program(_: Settings) -> Iterator[Finding]:
    yield Finding("proactive", "ok", own_version())
    yield Finding("python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    found = {name: _version(name) for name in PACKAGES}
    here = ", ".join(f"{name} {number}" for name, number in found.items() if number)
    yield Finding("packages", "ok", f"{here}, SQLite {sqlite3.sqlite_version}")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _settings(settings: Settings) -> Iterator[Finding]:
    for name, value in settings.rows().items():
        yield Finding(name, "ok", value or "not set")
    for problem in unknown_settings(settings):
        yield Finding(problem.where, "advice", problem.message, problem.hint)
    model = settings.detector_model
    if model is not None and not model.exists():
        advice = "Set PROACTIVE_DETECTOR_MODEL to a model file or an OpenVINO folder, or unset it."
        yield Finding("detector model", "broken", f"there is no {model}", advice)


def _folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.data
    nearest = next((path for path in (folder, *folder.absolute().parents) if path.exists()), Path("/"))
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        yield Finding(
            "data folder", "broken", f"{nearest} cannot be written", "Set PROACTIVE_DATA to a folder that can."
        )
        return
    free = shutil.disk_usage(nearest).free
    found = f"{folder}{'' if folder.exists() else ' (not made yet)'}, {free / (1 << 30):.1f} GB free"
    low = free < ROOM
    yield Finding("data folder", "advice" if low else "ok", found, "Free some space." if low else "")


def _store(settings: Settings) -> Iterator[Finding]:
    from proactive.store import Store

    if settings.database is None and not (settings.data / "proactive.db").exists():
        yield Finding("store", "ok", "none yet", "Fill it with: proactive home import home.yaml")
        return
    try:
        with Store.open(settings) as store:
            yield from _contents(store, settings)
    except ProactiveError as error:
        yield Finding("store", "broken", str(error))


def _contents(store: Store, settings: Settings) -> Iterator[Finding]:
    from proactive import clock
    from proactive.notify.health import troubles

    homes, now = store.home_ids(), clock.now()
    rules = store.rules()
    paused = sum(not rule.enabled for rule in rules)
    yield Finding("store", "ok", f"{_some(len(homes), 'home')}, {_some(len(rules), 'rule')} ({paused} paused)")
    for home in homes[:20]:
        yield from _people(store, home, settings)
        for trouble, advice in troubles(store.standing(now, home), now):
            yield Finding(home, "advice", trouble, advice)


def _some(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _people(store: Store, id: str, settings: Settings) -> Iterator[Finding]:
    """Say whom nothing reaches, and which channels have no address."""
    from proactive.notify.channel import Channels, routes
    from proactive.notify.plan import unreachable
    from proactive.reach import lost_words

    home, preferences, channels = store.export_home(id), store.preferences(id), Channels()
    known = store.browsers(id)
    browsers = [each for each in known if each.lost_at is None]
    for trouble in unreachable(home, store.rules(id), browsers):
        yield Finding(
            id, "advice", trouble, "Let them open Proactive on their phone, under You: or give them a channel."
        )
    for each in known:
        if each.lost_at is not None:
            words, advice = lost_words(each, home, you=False), "Let them open Proactive there, and turn it on again."
            yield Finding(id, "advice", words, advice)
    for person in home.people:
        for route in routes(person, preferences, settings, channels, browsers=browsers):
            if route.note:
                yield Finding(id, "advice", f"{route.note}.", "Until then it goes to the console.")


def _serving(settings: Settings) -> Iterator[Finding]:
    """Say whether anything watches, and how that goes, by its own figures."""
    from proactive.local import ask
    from proactive.lock import holder
    from proactive.vitals import complaints, sources_said

    held = holder(settings.data)
    if held is None:
        yield from _nothing_runs(settings)
        return
    yield Finding("serve", "ok", f"process {held.get('pid')} at {held.get('address', 'no address: its API is off')}")
    figures = ask(settings.data, "GET", "/metrics")
    if figures is None:
        if "address" in held:
            yield Finding("serve", "broken", "its API does not answer", "See what it said; start it again.")
        return
    for trouble, advice in complaints(figures.decode()):
        yield Finding("serve", "advice", trouble, advice)
    for source, works, found, advice in sources_said(figures.decode()):
        yield Finding(source, "ok" if works else "advice", found, advice)


def _cluster(settings: Settings) -> Iterator[Finding]:
    """Say how the brokers, the workers and the edges are doing, where brokers are configured."""
    from proactive.cluster import said_of, workers_here

    if settings.kafka is not None:
        for said in (*said_of(settings, now()), *workers_here(settings)):
            yield Finding(said.about, "ok" if said.works else "advice", said.found, said.advice)


def _nothing_runs(settings: Settings) -> Iterator[Finding]:
    """Say what was due since it stopped, where there is a log."""
    from streams.log import Log, LogError

    if not settings.log.exists():
        return
    try:
        with Log(settings.log) as log:
            missed = sum(due < now() for _, _, due in log.deadlines())
    except LogError:
        return  # said of the log
    found = "does not run" + (f"; {_some(missed, 'deadline')} passed meanwhile" if missed else "")
    yield Finding("serve", "advice", found, "Start it: proactive serve. What it missed is made up at its start.")


def _phones(settings: Settings) -> Iterator[Finding]:
    """Say whether push and the microphone can work on phones, and what to do where they cannot."""
    from proactive.tls.health import reach

    yield Finding("phones", *reach(settings, moment(now())))


def _log(settings: Settings) -> Iterator[Finding]:
    """Say what the log kept aside: it is not lost, and it does not count."""
    from streams.log import Log, LogError

    if not settings.log.exists():
        return
    try:
        with Log(settings.log) as log:
            aside, failed, shed = log.aside(), log.failures(), log.shed()
    except LogError as error:
        yield Finding("log", "broken", str(error))
        return
    yield Finding("log", "ok", f"{settings.log}, {settings.log.stat().st_size / (1 << 20):.1f} MB")
    for why, count in aside:
        advice = "Check the clock of the source." if "ahead" in why else ""
        yield Finding("log", "advice", f"{count} set aside: {why}", advice)
    yield from map(_failed, failed)
    for (home, source), each in shed.items():
        lost = (
            f"{each.happenings:,} happenings of it were not kept, and {each.reports:,} reports that newer ones replaced"
        )
        advice = "Look why it repeats itself; what else it told was kept."
        yield Finding(source, "advice", f"flooded {home}, last at {rfc3339(each.last)}: {lost}", advice)


def _failed(failed: Failed) -> Finding:
    """Say which rule met a fault of the program, and whether it still does."""
    about = f"{failed.home}/{failed.rule}" if failed.rule else failed.home
    often = f" {failed.count:,} times so far, last at {rfc3339(failed.last)}." if failed.count > 1 else ""
    return Finding(about, "broken" if now() - failed.last < DAY else "advice", failed.message + often, ADVICE)


def _detectors(settings: Settings) -> Iterator[Finding]:
    known = detectors(settings.detector_model)
    ready = [each.name for each in known if not each.missing and each.name != "scripted"]
    for each in known:
        found = f"needs {', '.join(each.missing)}" if each.missing else "ready"
        yield Finding(f"detector {each.name}", "ok" if not each.missing or ready else "advice", found, each.advice)


def _cameras(settings: Settings) -> Iterator[Finding]:
    """Say of each camera that `serve` watches whether it sees, and how fast; or why it is blind, and what to do."""
    for camera in statuses(settings):
        ago = f"{(now() - instant(camera.last_seen)) // SECOND:,} s ago" if camera.last_seen else "never"
        pace = f"last seen {ago}, {camera.fps:g} fps, {camera.ms_per_look:g} ms a look"
        if camera.reason is None:
            yield Finding(camera.camera, "ok", pace)
            yield from _zones(camera, settings)
        else:
            advice = camera.trouble or _BLIND.get(camera.reason, "").format(camera=camera, views=settings.data / VIEWS)
            yield Finding(camera.camera, "advice", f"blind ({camera.reason}); {pace}", advice)


def _load(settings: Settings) -> Iterator[Finding]:
    """Say how many cameras this machine carries, and what to do where there are more."""
    if load := load_of(statuses(settings)):
        advice = "Use a faster detector (proactive detectors), fewer cameras or more cores." if load.is_short else ""
        yield Finding("cameras", "advice" if load.is_short else "ok", load.in_words(), advice)


def _zones(camera: CameraStatus, settings: Settings) -> Iterator[Finding]:
    """Say which zones cannot be seen though their camera sees, and what to do."""
    for zone, reason in camera.zones.items():
        advice = _BLIND_ZONE.get(reason, "").format(camera=camera, views=settings.data / VIEWS)
        yield Finding(f"{camera.camera} {zone}", "advice", f"cannot be seen ({reason})", advice)


_BLIND_ZONE = {
    "too_dark": "There is no light on it.",
    "covered": "Something is in front of it. If it looks otherwise for good, delete {views}/{camera.home}/{camera.camera}.",
    "moved": "The camera was nudged: draw the zone anew, or turn the camera back.",
    "too_small": "It has too few pixels: use the camera's larger stream, bring it closer, or draw the zone larger.",
}
_BLIND = {
    "frozen": "It sends one picture again and again: restart it.",
    "too_dark": "There is no light, or the lens is covered.",
    "covered": "Something is in front of the lens, or it is out of focus.",
    "moved": "It looks elsewhere than before. If it is meant to, delete {views}/{camera.home}/{camera.camera}.",
    "stopped": "Nobody watches: start `proactive serve`.",
    "detector_failed": "See what `proactive serve` said.",
    "too_slow": "This machine is too slow for its cameras: see the line about all of them.",
}


def _voice(settings: Settings) -> Iterator[Finding]:
    """Say which engines hear and speak, or what they need; it is only broken where one was asked for."""
    from proactive.voice.ready import engines

    for engine in engines(settings):
        state: State = "ok" if not engine.needs or not engine.chosen else "broken"
        yield Finding(engine.role, state, f"{engine.name}: {engine.needs or engine.found}", engine.advice)


def _models(settings: Settings) -> Iterator[Finding]:
    """Say which language models are configured for which role, and whether they would answer."""
    from proactive.language.backends.meter import read_prices, unknown_prices
    from proactive.language.model import split_setting

    roles = {role: setting for role in get_args(ModelRole) if (setting := settings.model(role)) not in {None, "local"}}
    try:
        names = list(dict.fromkeys(name for setting in roles.values() for name in split_setting(setting or "")))
        prices = read_prices(settings.llm_prices)
    except InputError as error:
        yield from (Finding(each.where, "broken", each.message, each.hint) for each in error.problems)
        return
    for name in names:
        uses = ", ".join(role for role, setting in roles.items() if name in split_setting(setting or ""))
        yield _model(name, uses, settings)
    if settings.llm_prices is not None:
        for problem in unknown_prices(prices, names, settings.llm_prices):
            yield Finding("prices", "advice", str(problem))


def _model(name: str, uses: str, settings: Settings) -> Finding:
    from proactive.language.model import ModelError, Probing, load_model

    about = f"model {hide_password(name)}"
    try:
        model = load_model(name, replace(settings, llm_timeout=PROBE_SECONDS))
        found = model.probe() if isinstance(model, Probing) else "not asked"
    except InputError as error:
        return Finding(about, "broken", error.problems[0].message, error.problems[0].hint)
    except (ModelError, ProactiveError) as error:
        return Finding(about, "broken", str(error), "Until it answers, requests are read without it.")
    return Finding(about, "ok", f"{found}; for the {uses}")
