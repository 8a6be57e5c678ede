"""Clip trials: what a camera would record of a short video, looked at in a process of its own. Nothing of it is kept.

The process is `proactive see` on a copy in a temporary folder: it may fail, take all its memory or hang, and who watches the
home notices nothing. One is looked at at a time.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from typing import IO, TYPE_CHECKING

from proactive.error import ProactiveError
from proactive.home_file import dump_home
from proactive.open_address import without_secrets
from rules.coverage import source_of, spot_told, zone_of
from rules.home import Home
from rules.problem import InputError
from rules.record import Record, decode
from rules.words.blindness import blind
from rules.words.records import record_text

if TYPE_CHECKING:
    from proactive.settings import Settings

LONGEST = 180.0  # seconds of a clip
PATIENCE = 900.0  # seconds until a look at one is given up
_START = datetime(2026, 1, 1, 12, tzinfo=UTC)  # when a clip was taken changes nothing in what is seen in it
_DONE = re.compile(r"Seen (\d+)%")
_KEPT = 8  # trials whose result can still be looked at


@dataclass(frozen=True, slots=True)
class Step:
    """Something that would be recorded: seconds from the start of the clip, until when where that is known, in words."""

    at: float
    until: float | None
    words: str
    looks: str


@dataclass(slots=True)
class Trial:
    """A look at one clip: how much of it is done (0..1), then what would be recorded, or why it failed."""

    id: str
    home: str
    camera: str
    name: str
    done: float = 0.0
    over: bool = False
    trouble: str = ""
    steps: tuple[Step, ...] = ()


class TooBusy(ProactiveError):
    """Say that another clip is being looked at."""


@dataclass(slots=True)
class Trials:
    """The trials of a process, the last few of them. Any thread may use it."""

    _known: deque[Trial] = field(default_factory=lambda: deque(maxlen=_KEPT))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, home: str, id: str) -> Trial | None:
        """Return a trial of a home, or None where it is not known any more."""
        return next((trial for trial in list(self._known) if (trial.home, trial.id) == (home, id)), None)

    def begin(self, settings: Settings, home: Home, camera: str, name: str, clip: IO[bytes]) -> Trial:
        """Begin to look at a clip, and return its trial. Raise TooBusy, or InputError for what is no short video."""
        if not self._lock.acquire(blocking=False):
            raise TooBusy("Another clip is being looked at. Wait until that is done.")
        folder = Path(tempfile.mkdtemp(prefix="proactive-clip-"))
        try:
            video = folder / "clip"
            with video.open("wb") as file:
                shutil.copyfileobj(clip, file)
            _require_short(video, camera)
            (folder / "home.yaml").write_text(dump_home(without_secrets(home)[0]), "utf-8")
            trial = Trial(token_urlsafe(9), home.home, camera, name)
            self._known.append(trial)
            threading.Thread(target=self._look, args=(trial, settings, home, folder), name="clip", daemon=True).start()
        except BaseException:
            self._leave(folder)
            raise
        return trial

    def wait(self) -> None:
        """Wait until no clip is looked at."""
        with self._lock:
            return

    def _look(self, trial: Trial, settings: Settings, home: Home, folder: Path) -> None:
        try:
            trial.trouble = _see(trial, settings, folder)
            trial.steps = () if trial.trouble else tuple(steps(_records(folder), home))
        except OSError as error:
            trial.trouble = f"It could not be looked at: {error.strerror}."
        finally:
            trial.over = True
            self._leave(folder)

    def _leave(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self._lock.release()


def steps(records: Iterable[Record], home: Home) -> Iterator[Step]:
    """Yield what records of one clip tell, an episode once, in the order in which it began."""
    given = list(records)
    ends = {(each.source, each.data.get("episode")): each.time for each in given if each.data.get("phase") == "end"}
    for each in sorted(given, key=lambda record: (record.time, record.id)):
        if each.type == "detection" and each.data.get("phase", "start") == "start":
            until = ends.get((each.source, each.data.get("episode")))
            yield Step(_seconds(each.time), None if until is None else _seconds(until), record_text(each, home), "seen")
        elif each.type == "health" and each.data.get("status") == "offline" and each.data.get("reason") != "stopped":
            spot, reason = spot_told(each), each.data.get("reason")
            words = blind(source_of(spot), zone_of(spot), reason if isinstance(reason, str) else None, home)
            yield Step(_seconds(each.time), None, words, "blind")


def _require_short(video: Path, camera: str) -> None:
    """Raise InputError unless it is a video of at most `LONGEST`."""
    from rules.problem import Problem
    from vision.source import VideoFile

    try:
        seconds = VideoFile(video, camera, _START).length.total_seconds()
    except InputError:
        message = "this is no video that can be read here."
        raise InputError([Problem("not_a_video", "clip", message, "Convert it to MP4, and play it once.")]) from None
    if seconds > LONGEST:
        message = f"expected at most {LONGEST / 60:.0f} minutes, found {seconds / 60:.1f}."
        raise InputError([Problem("too_long", "clip", message, "Cut out the part that matters.")])


def _see(trial: Trial, settings: Settings, folder: Path) -> str:
    """Look at the clip of a folder, writing its records there; return what went wrong, empty where nothing did."""
    command = [sys.executable, "-m", "proactive", "see", "clip", "--camera", trial.camera, "--home", "home.yaml"]
    with (folder / "records.jsonl").open("wb") as output:
        process = subprocess.Popen(
            [*command, "--start", _START.isoformat()], cwd=folder, env=_environment(settings), stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.PIPE, text=True, errors="replace",
        )  # fmt: skip
        timer = threading.Timer(PATIENCE, process.kill)
        timer.start()
        last = _follow(process, trial)
        timer.cancel()
    if process.returncode == 0:
        return ""
    if process.returncode < 0:
        return "Looking at it took too long, or too much memory. Try a shorter clip."
    return f"It could not be looked at: {last}"


def _follow(process: subprocess.Popen[str], trial: Trial) -> str:
    """Read what the process says of its progress until it ends; return the last line."""
    last = ""
    assert process.stderr is not None
    with process:
        for line in process.stderr:
            last = line.strip() or last
            if (found := _DONE.match(last)) is not None:
                trial.done = int(found[1]) / 100
    return last.replace(f"{Path('clip')}", "the clip")


def _environment(settings: Settings) -> Mapping[str, str]:
    """Return the environment in which the process finds the same detector and the same photos."""
    own = {
        "PROACTIVE_DATA": str(settings.data.absolute()),
        "PROACTIVE_DATABASE": settings.database,
        "PROACTIVE_SECRET_KEY": settings.secret_key,
        "PROACTIVE_DETECTOR": settings.detector,
        "PROACTIVE_DETECTOR_MODEL": settings.detector_model and str(settings.detector_model.absolute()),
    }
    return os.environ | {name: value for name, value in own.items() if value}


def _records(folder: Path) -> Iterator[Record]:
    with (folder / "records.jsonl").open("rb") as lines:
        for line in lines:
            with suppress(InputError):
                yield decode(line)


def _seconds(time: datetime) -> float:
    return max(0.0, (time - _START).total_seconds())
