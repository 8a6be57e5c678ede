"""What is seen in real clips, when, and how far off that is: every span of a manifest by each model.

    python -m benchmarks.clips [CLIP...] [--detector NAME] [--models FOLDER...] [--varied [NAME...] | --recorded [NAME...] | --command]

The clips, models and the home file are looked for in `shared` beside the project, or where PROACTIVE_SHARED says; none of them
belong to the project. A span is a class group or a label (a visit to the picture) or an activity, from one second to another; it is
found where the episode that lies nearest to it starts and ends within its tolerance. What nobody said would be seen is
counted as `others`: false people, meals that were none, and visits more than were made. Exit status 1: a span was not found, or there
were others.

With --varied each clip is seen as other cameras might have taken it too: mirrored, darker, noisy, smaller, ... (`variation`).
With --recorded each is written to a file again, as other cameras and recorders would have, and that file is seen (`recording`).
With --command each is seen by `proactive see` itself, in a process of its own, as a person would type it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from benchmarks.recording import RECORDINGS, Recorder
from benchmarks.variation import VARIATIONS, Variation, Varied
from rules.home import Home, parse_home
from rules.record import Record, decode
from vision.camera import find_camera
from vision.detector import Detector, load_detector
from vision.see import see
from vision.source import FrameSource, VideoFile
from vision.track import group_of

SHARED = Path(os.environ.get("PROACTIVE_SHARED") or Path(__file__).parents[2] / "shared")
START = datetime(2026, 3, 9, 12, tzinfo=UTC)
WIDE = 21  # letters of a model and a variation
VISIT = frozenset({"entered", "at", "left"})


@dataclass(frozen=True, slots=True)
class Span:
    """Something that goes on from one second of a clip to another: `what` is a label, a class group or an activity."""

    what: str
    start: float
    end: float
    tolerance: float = 0.0

    def error(self, other: Span) -> float:
        """Return by how many seconds the other is off at its worse end."""
        return max(abs(self.start - other.start), abs(self.end - other.end))


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip, its camera in the home file, and what is to be seen in it.

    Where something is `hidden`, that may be seen or not; `behind` are the seconds from and to which it is, where they are known.
    """

    file: str
    camera: str
    spans: tuple[Span, ...]
    hidden: bool = False
    behind: tuple[tuple[float, float], ...] = ()

    @property
    def meant(self) -> frozenset[str]:
        return frozenset(group_of(span.what) or span.what for span in self.spans)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a clip: each span with what was found nearest to it, and what else was found."""

    found: tuple[tuple[Span, Span | None], ...]
    others: tuple[Span, ...]

    @property
    def is_right(self) -> bool:
        return not self.others and all(near and span.error(near) <= span.tolerance for span, near in self.found)


def clips(shared: Path = SHARED) -> list[Clip]:
    """Return the clips of the manifest."""
    return [
        Clip(
            entry["file"],
            entry["camera"],
            tuple(Span(s.get("activity") or s["label"], s["from"], s["to"], s["tol"]) for s in entry["spans"]),
            bool(entry.get("hidden")),
            tuple(_stretches(entry.get("hidden", ()))),
        )
        for entry in json.loads((shared / "clips" / "manifest.json").read_text("utf-8"))
    ]


def _stretches(hidden: Iterable[str]) -> Iterator[tuple[float, float]]:
    """Yield the seconds from and to which something is hidden, of words such as "dog 6.3-9"."""
    for words in hidden:
        if found := re.search(r"([\d.]+)-([\d.]+)$", words):
            yield float(found[1]), float(found[2])


def home_of(shared: Path = SHARED) -> Home:
    """Return the home in which the clips were taken."""
    return parse_home(yaml.safe_load((shared / "homes" / "clips.yaml").read_text("utf-8")))


def look(
    clip: Clip,
    detector: Detector,
    home: Home,
    shared: Path = SHARED,
    *,
    variation: Variation | None = None,
    recording: Recorder | None = None,
) -> Result:
    """Return what the detector sees in the clip, as `proactive see` does; varied, or recorded again, where that is asked for."""
    _, camera = find_camera([home], clip.camera)
    path = shared / "clips" / clip.file
    if recording is not None:
        path, camera = recording.write(path), recording.camera(camera)
    source: FrameSource = VideoFile(path, clip.camera, START)
    if variation is not None:
        source, camera = Varied(source, variation), variation.camera(camera)
    return judge(clip, list(spans(see(source, detector, home, camera))))


def by_command(clip: Clip, detector: str, model: Path | None, shared: Path = SHARED) -> Result:
    """Return what `proactive see` tells of the clip, run by this Python in a process and a data folder of its own."""
    command = [sys.executable, "-m", "proactive", "see", str(shared / "clips" / clip.file), "--camera", clip.camera]
    command += ["--home", str(shared / "homes" / "clips.yaml"), "--start", START.isoformat(), "--detector", detector]
    with TemporaryDirectory() as data:
        own = os.environ | {"PROACTIVE_DATA": data, "PROACTIVE_DETECTOR_MODEL": str(model or "")}
        done = subprocess.run(command, env=own, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\nended with {done.returncode}: {done.stderr.decode()}")
    return judge(clip, list(spans(decode(line) for line in done.stdout.splitlines())))


def spans(records: Iterable[Record]) -> Iterator[Span]:
    """Yield each visit to the picture, as its class group, and each meal, from its first record to its last."""
    episodes: dict[str, list[Record]] = {}
    for record in records:
        if record.type == "detection":
            episodes.setdefault(str(record.data["episode"]), []).append(record)
    for own in episodes.values():
        activity, label = own[-1].data["activity"], str(own[-1].data["label"])
        start, end = ((each.time - START).total_seconds() for each in (own[0], own[-1]))
        if activity in VISIT and "zone" not in own[-1].data:
            yield Span(group_of(label) or label, start, end)
        elif activity == "eating":
            yield Span(activity, start, end)


def judge(clip: Clip, seen: list[Span]) -> Result:
    """Return for each span of the clip the nearest of its kind, and what is of a kind of which there should be less.

    What is seen all through a stretch in which it may be hidden is what was there before it, and what was there after.
    """
    seen = [part for one in seen for part in _parts(one, clip.behind)]
    found = tuple((span, nearest(span, seen)) for span in clip.spans)
    taken = [near for _, near in found if near]
    strange = tuple(one for one in seen if one not in taken and _is_strange(one, clip))
    return Result(found, strange)


def _parts(one: Span, behind: Iterable[tuple[float, float]]) -> Iterator[Span]:
    """Yield what is left of it before, between and after the stretches that lie within it."""
    for begins, ends in sorted(behind):
        if one.start < begins and ends < one.end:
            yield replace(one, end=begins)
            one = replace(one, start=ends)
    yield one


def nearest(span: Span, seen: list[Span]) -> Span | None:
    """Return the span of that kind which is least off."""
    kind = group_of(span.what) or span.what
    return min((one for one in seen if one.what == kind), key=span.error, default=None)


def _is_strange(one: Span, clip: Clip) -> bool:
    """Return whether nobody said that it would be seen: of no kind that was meant, or a meal or a visit more."""
    return one.what not in clip.meant or one.what == "eating" or not clip.hidden


def rows(model: str, clip: Clip, result: Result) -> Iterator[str]:
    """Yield a line for each span, and one for each other thing that was seen."""
    for span, near in result.found:
        took = f"{near.start:6.1f} {near.end:6.1f} {span.error(near):5.1f}" if near else f"{'none':>19}"
        verdict = "ok" if near and span.error(near) <= span.tolerance else "OFF"
        yield f"{model:<{WIDE}} {clip.file:<28} {span.what:<8} {span.start:6.1f} {span.end:6.1f}  {took}  {span.tolerance:.1f} {verdict}"
    for other in result.others:
        yield f"{model:<{WIDE}} {clip.file:<28} {other.what:<8} {'':>13}  {other.start:6.1f} {other.end:6.1f}  OTHER"


def _ways(options: argparse.Namespace, model: Path | None, folder: Path) -> dict[str, Callable[[Clip], Result]]:
    """Return by name the ways in which each clip is to be seen with that model."""
    if options.command:
        return {"": partial(by_command, detector=options.detector, model=model)}
    seen = partial(look, detector=load_detector(options.detector, model), home=home_of())
    if options.varied is not None:
        return {name: partial(seen, variation=VARIATIONS[name]) for name in options.varied or VARIATIONS}
    if options.recorded is not None:
        names = options.recorded or RECORDINGS
        return {name: partial(seen, recording=RECORDINGS[name].into(folder, name)) for name in names}
    return {"": seen}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one row for each clip, span and model; return 1 where one is off."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="*", help="Which clips, by a part of their names; default all.")
    parser.add_argument("--detector", default="openvino")
    parser.add_argument("--models", nargs="*", type=Path, default=sorted((SHARED / "models").glob("*_openvino_model")))
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--varied", nargs="*", choices=VARIATIONS, metavar="NAME")
    how.add_argument("--recorded", nargs="*", choices=RECORDINGS, metavar="NAME")
    how.add_argument("--command", action="store_true", help="see them by `proactive see`")
    parser.add_argument("--folder", type=Path, help="keep recordings here, to see them again")
    options = parser.parse_args(arguments)
    chosen = [clip for clip in clips() if any(part in clip.file for part in options.clips or [""])]
    right = True
    with TemporaryDirectory() as passing:
        folder = options.folder or Path(passing)
        for model in options.models if options.detector != "ssd" else [None]:
            for (name, judged), clip in product(_ways(options, model, folder).items(), chosen):
                result = judged(clip)
                right &= result.is_right
                by = f"{model.name.partition('_')[0] if model else 'ssd'} {name}".rstrip()
                print(*rows(by, clip, result), sep="\n", flush=True)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
