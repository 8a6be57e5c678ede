"""What is seen in real clips, when, and how far off that is: every span of a manifest by each model.

    python -m benchmarks.clips [CLIP...] [--detector NAME] [--models FOLDER...] [--varied [NAME...] | --command]

The clips, models and the home file are looked for in `shared` beside the project, or where PROACTIVE_SHARED says; none of them
belong to the project. A span is a class group or a label (a visit to the picture) or an activity, from one second to another; it is
found where the episode that lies nearest to it starts and ends within its tolerance. What nobody said would be seen is
counted as `others`: false people, meals that were none, and visits more than were made. Exit status 1: a span was not found, or there
were others.

With --varied each clip is seen as other cameras might have taken it too: mirrored, darker, noisy, smaller, ... (`variation`).
With --command each is seen by `proactive see` itself, in a process of its own, as a person would type it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

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
    """A clip, its camera in the home file, and what is to be seen in it; where something is `hidden`, that may be seen or not."""

    file: str
    camera: str
    spans: tuple[Span, ...]
    hidden: bool = False

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
        )
        for entry in json.loads((shared / "clips" / "manifest.json").read_text("utf-8"))
    ]


def home_of(shared: Path = SHARED) -> Home:
    """Return the home in which the clips were taken."""
    return parse_home(yaml.safe_load((shared / "homes" / "clips.yaml").read_text("utf-8")))


def look(
    clip: Clip, detector: Detector, home: Home, shared: Path = SHARED, variation: Variation | None = None
) -> Result:
    """Return what the detector sees in the clip, as `proactive see` does; varied, where that is asked for."""
    _, camera = find_camera([home], clip.camera)
    source: FrameSource = VideoFile(shared / "clips" / clip.file, clip.camera, START)
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
    """Return for each span of the clip the nearest of its kind, and what is of a kind of which there should be less."""
    found = tuple((span, nearest(span, seen)) for span in clip.spans)
    taken = [near for _, near in found if near]
    strange = tuple(one for one in seen if one not in taken and _is_strange(one, clip))
    return Result(found, strange)


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


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one row for each clip, span and model; return 1 where one is off."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="*", help="Which clips, by a part of their names; default all.")
    parser.add_argument("--detector", default="openvino")
    parser.add_argument("--models", nargs="*", type=Path, default=sorted((SHARED / "models").glob("*_openvino_model")))
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--varied", nargs="*", choices=VARIATIONS, metavar="NAME")
    how.add_argument("--command", action="store_true", help="see them by `proactive see`")
    options = parser.parse_args(arguments)
    varied = [] if options.varied is None else options.varied or VARIATIONS
    seen_as: dict[str, Variation | None] = {"": None} if options.varied is None else {n: VARIATIONS[n] for n in varied}
    chosen = [clip for clip in clips() if any(part in clip.file for part in options.clips or [""])]
    home, right = home_of(), True
    for model in options.models if options.detector != "ssd" else [None]:
        detector = None if options.command else load_detector(options.detector, model)
        for (name, variation), clip in product(seen_as.items(), chosen):
            result = (
                look(clip, detector, home, variation=variation)
                if detector
                else by_command(clip, options.detector, model)
            )
            right &= result.is_right
            by = f"{model.name.partition('_')[0] if model else 'ssd'} {name}".rstrip()
            print(*rows(by, clip, result), sep="\n", flush=True)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
