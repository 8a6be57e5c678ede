"""How well dogs are told apart by their coats: by colour, without colour, and two at a time in one home.

    python -m benchmarks.identity [--images FOLDER] [--detector NAME] [--build]

FOLDER has one folder for each colour, `dogs_black` and so on, with one picture of a dog each; default: `images` in the folder
shared, beside the repository, or PROACTIVE_SHARED. Three questions:

1. Which colour is it? Each picture is judged by portraits learnt from all the others, a colour being one "animal".
2. The same pictures in grey: is it "unknown"?
3. Two dogs in one home, every pair: each is taught from four made photos, and seen in four made episodes of five frames.
   A photo or episode has its own light (exposure .6 to 1.3, red and blue up to a tenth off), a frame its own crop (each side off by
   up to .08 of the box), blur (up to 2 pixels of sigma) and noise. It is one picture a dog, so pose and background stay, which flatters
   embeddings (--build) much more than colours.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np

from proactive.settings import load
from vision.colour import look_of
from vision.detector import Detector, choose_detector, load_detector
from vision.embedding import Embedder, load_embedder
from vision.frame import Frame, Image
from vision.gallery import gallery_of
from vision.lineup import Row, line_up
from vision.look import Look, together
from vision.photo import animal_in, read_photo
from vision.zone import Box

PHOTOS, EPISODES, FRAMES = 4, 4, 5
SHARED = Path(os.environ.get("PROACTIVE_SHARED") or Path(__file__).parents[2] / "shared")
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
Dogs = Mapping[str, tuple[Image, Box]]  # by folder and file


def find_dogs(folder: Path, detector: Detector) -> tuple[dict[str, tuple[Image, Box]], list[str]]:
    """Return the pictures in which one dog was found, with its box, and the names of those in which none was."""
    found, missed = {}, []
    for path in sorted(folder.glob("dogs_*/*")):
        image = read_photo(path)
        box = animal_in(Frame(image, NOW, "photo"), detector)
        name = f"{path.parent.name.removeprefix('dogs_')}/{path.stem}"
        if isinstance(box, str):
            missed.append(f"{name}: {box}")
        else:
            found[name] = image, box
    return found, missed


def look(image: Image, box: Box, embed: Embedder | None = None) -> Look:
    """Return the look of the animal in the box, with an embedding where one can be made."""
    frame = Frame(image, NOW, "photo")
    seen = look_of(frame, box)
    return replace(seen, embedding=embed(frame.crop(box).image)) if embed and seen.coat else seen


def grey(image: Image) -> Image:
    """Return a grey-scale copy of three equal channels."""
    return np.repeat(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)[..., None], 3, axis=2)


def by_colour(dogs: Dogs) -> list[Row]:
    """Return what became of each colour's pictures, leave-one-out."""
    taught: dict[str, list[Look]] = {}
    for name, (image, box) in dogs.items():
        taught.setdefault(name.partition("/")[0], []).append(look(image, box))
    return line_up(taught)


def without_colour(dogs: Dogs) -> int:
    """Return how many grey copies show no coat, so that nobody is named."""
    return sum(look(grey(image), box).coat is None for image, box in dogs.values())


def episodes(
    image: Image, box: Box, count: int, frames: int, random: np.random.Generator, embed: Embedder | None = None
) -> list[Look]:
    """Return the looks of made episodes of one picture."""
    return [_episode(image, box, frames, random, embed) for _ in range(count)]


def _episode(image: Image, box: Box, frames: int, random: np.random.Generator, embed: Embedder | None) -> Look:
    light = random.uniform(0.6, 1.3) * np.array([random.uniform(0.9, 1.1), 1.0, random.uniform(0.9, 1.1)])
    looks = [_frame(image, box, light, random, embed) for _ in range(frames)]
    seen = together(looks)
    assert seen is not None
    return seen


def _frame(image: Image, box: Box, light: np.ndarray, random: np.random.Generator, embed: Embedder | None) -> Look:
    blurred = cv2.GaussianBlur(image, (0, 0), random.uniform(0.1, 2))
    noisy = blurred * light + random.normal(0, 4, image.shape)
    return look(noisy.clip(0, 255).astype(np.uint8), _moved(box, random), embed)


def _moved(box: Box, random: np.random.Generator) -> Box:
    x1, y1, x2, y2 = box
    wide, high = x2 - x1, y2 - y1
    a, b, c, d = random.uniform(-0.08, 0.08, 4)
    return max(x1 + a * wide, 0.0), max(y1 + b * high, 0.0), min(x2 + c * wide, 1.0), min(y2 + d * high, 1.0)


def in_pairs(dogs: Dogs, embed: Embedder | None = None, seed: int = 0) -> Counter[tuple[str, str]]:
    """Return how often of two dogs of one home each was right, unknown or wrong, by whether their colour is the same."""
    random = np.random.default_rng(seed)
    made = {
        name: (episodes(*dog, PHOTOS, 1, random, embed), episodes(*dog, EPISODES, FRAMES, random, embed))
        for name, dog in dogs.items()
    }
    outcomes: Counter[tuple[str, str]] = Counter()
    for one, other in combinations(made, 2):
        kind = "one colour" if one.partition("/")[0] == other.partition("/")[0] else "two colours"
        outcomes.update((kind, each) for each in _meet({name: made[name] for name in (one, other)}))
    return outcomes


def _meet(pair: Mapping[str, tuple[Sequence[Look], Sequence[Look]]]) -> Iterable[str]:
    gallery = gallery_of({name: photos for name, (photos, _) in pair.items()})
    for name, (_, seen) in pair.items():
        for each in seen:
            subject = gallery.judge(each).subject
            yield "unknown" if subject is None else "right" if subject == name else "wrong"


def main() -> None:
    """Print the three tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, default=SHARED / "images")
    parser.add_argument("--detector")
    parser.add_argument("--build", action="store_true", help="two at a time, by embeddings too: half a minute")
    arguments = parser.parse_args()
    if not arguments.images.is_dir():
        sys.exit(f"{arguments.images} is not there: give --images, or set PROACTIVE_SHARED")
    model = load().detector_model
    detector = load_detector(arguments.detector or choose_detector(model), model)
    dogs, missed = find_dogs(arguments.images, detector)
    print(f"{len(dogs)} pictures with one dog", *(f"left out: {each}" for each in missed), sep="\n")
    _print_colours(by_colour(dogs))
    print(f"\nin grey: unknown {without_colour(dogs)} of {len(dogs)}")
    _print_pairs(in_pairs(dogs, load_embedder() if arguments.build else None))


def _print_colours(rows: Sequence[Row]) -> None:
    print(f"\n{'colour':10}{'pictures':>10}{'right':>8}{'unknown':>9}  wrong")
    for row in rows:
        print(f"{row.subject:10}{row.photos:10}{row.right:8}{sum(row.unsure.values()):9}  {dict(row.wrong) or ''}")
    right, whole = sum(row.right for row in rows), sum(row.photos for row in rows)
    print(f"{'all':10}{whole:10}{right:8}  {right / whole:.1%} right")


def _print_pairs(outcomes: Counter[tuple[str, str]]) -> None:
    print(f"\n{'two dogs of':14}{'right':>8}{'unknown':>9}{'wrong':>7}")
    for kind in ("one colour", "two colours"):
        counts = [outcomes[kind, each] for each in ("right", "unknown", "wrong")]
        whole = sum(counts) or 1
        print(
            f"{kind:14}" + "".join(f"{count / whole:{wide}.1%}" for count, wide in zip(counts, (8, 9, 7), strict=True))
        )
    wrong = sum(count for (_, each), count in outcomes.items() if each == "wrong")
    print(f"wrong in all: {wrong / (outcomes.total() or 1):.2%} of {outcomes.total()} episodes")


if __name__ == "__main__":
    main()
