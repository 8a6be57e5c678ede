"""The engine against the brute-force reference, and the laws that need no reference, over random worlds.

A world is a home or two, a handful of rules of all kinds that come, change and go, and a few days of records around a
change of the clocks, out of order, doubled, late and with outages. `PROACTIVE_FUZZ=20000` compares that many worlds
instead of the fixed few; `python -m tests.reference.soak` runs on and prints each difference as a story.
"""

from __future__ import annotations

import os
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.reference.shrink import differs, shrunk, story
from tests.reference.versus import doubled, driven, lines, rule_of, run, shuffled, ticked, without
from tests.reference.worlds import World, world

FUZZ = int(os.environ.get("PROACTIVE_FUZZ", "0"))
SEEDS = st.integers(0, 2**40)


def worlds(number: int) -> settings:
    """Return settings for so many worlds: the same ones on each run, unless PROACTIVE_FUZZ asks for others."""
    return settings(
        max_examples=FUZZ or number,
        derandomize=not FUZZ,
        database=None,
        deadline=None,
        phases=[Phase.generate],  # a seed has no smaller neighbours: what differs is shrunk as a world
        suppress_health_check=list(HealthCheck),
    )


def agree(one: World, other: World) -> None:
    """Fail with both worlds' firings where the engine says different things about them."""
    first, second = lines(run(one)), lines(run(other))
    assert first == second, f"{story(one)}\n--- and\n{story(other)}"


@worlds(800)
@given(SEEDS)
def test_the_engine_says_what_the_reference_says(seed: int) -> None:
    if differs(world(seed)):
        pytest.fail(f"seed {seed}\n{story(shrunk(world(seed)))}")


@worlds(40)
@given(SEEDS)
def test_more_rules_and_more_records_change_nothing_about_that(seed: int) -> None:
    if differs(world(seed, rules=20, size=200)):
        pytest.fail(f"seed {seed}\n{story(shrunk(world(seed, rules=20, size=200)))}")


@worlds(60)
@given(SEEDS)
def test_stopping_and_going_on_anywhere_changes_nothing(seed: int) -> None:
    made, random = world(seed), Random(seed)
    assert lines(run(made, cut=lambda _: random.random() < 0.2)) == lines(run(made)), story(made)


@worlds(60)
@given(SEEDS, st.sampled_from([1, 2, 7, 30]))
def test_the_size_of_a_batch_changes_nothing(seed: int, batch: int) -> None:
    assert lines(run(world(seed), batch=batch)) == lines(run(world(seed))), story(world(seed))


@worlds(60)
@given(SEEDS)
def test_more_ticks_change_nothing(seed: int) -> None:
    agree(world(seed), ticked(world(seed), Random(seed)))


@worlds(60)
@given(SEEDS)
def test_disorder_within_the_lateness_changes_nothing(seed: int) -> None:
    agree(shuffled(world(seed), Random(seed)), shuffled(world(seed), Random(seed + 1)))


@worlds(60)
@given(SEEDS)
def test_every_record_twice_changes_nothing(seed: int) -> None:
    agree(world(seed), doubled(world(seed), Random(seed)))


@worlds(60)
@given(SEEDS)
def test_a_rule_never_touches_another(seed: int) -> None:
    made = world(seed)
    rules = sorted({name for record in made.log if (name := rule_of(record))})
    gone = Random(seed).choice(rules)
    rest = lines([firing for firing in run(made) if firing.rule != gone])
    alone = lines([firing for firing in run(without(made, gone)) if firing.rule != gone])
    assert rest == alone, f"without {gone}\n{story(made)}"


@worlds(60)
@given(SEEDS)
def test_a_tick_at_each_deadline_that_the_engine_names_is_enough(seed: int) -> None:
    assert lines(driven(world(seed))) == lines(run(world(seed))), story(world(seed))


@worlds(60)
@given(SEEDS)
def test_no_two_firings_have_the_same_id(seed: int) -> None:
    ids = [firing.id for firing in run(world(seed))]
    assert len(ids) == len(set(ids)), story(world(seed))
