"""Compare engine and reference over many random worlds: `python -m tests.reference.soak [FIRST] [HOW MANY] [RULES] [RECORDS]`.

Prints each difference as a shrunk story and ends with status 1 if there was any.
"""

from __future__ import annotations

import sys

from tests.reference.shrink import differs, shrunk, story
from tests.reference.worlds import world


def main(first: int = 0, number: int = 1000, rules: int = 6, size: int = 60, most: int = 5) -> int:
    """Compare worlds `first` to `first + number`; stop after `most` differences."""
    wrong = 0
    for seed in range(first, first + number):
        if differs(world(seed, rules, size)):
            wrong += 1
            print(f"--- seed {seed}\n{story(shrunk(world(seed, rules, size)))}\n", flush=True)
        if wrong >= most:
            break
    print(f"{seed - first + 1} worlds, {wrong} of them differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
