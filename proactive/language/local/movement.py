"""Movement: the verbs by which the living come, stay, go and eat, in every form: "hops onto", "drove up", "nibbling"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from proactive.language.local.change import forms

Motion = Literal[
    "at", "enter", "leave", "eat", "home", "away", "lie", "run", "drink", "loiter", "alone", "together", "left_behind"
]

_ROWS: tuple[tuple[Motion, str], ...] = (
    ("enter", "enter|arrive|approach|come in|come into|come to|come up|come up to|come near|come onto|come over|go into|go to|go onto|go near|get into|get on|get onto|get up on|get near"
              "|walk into|walk up|walk up to|walk onto|walk to|run into|run to|run up to|run onto|step into|step on|step onto|step up to|climb on|climb onto|climb up on|climb into"
              "|jump on|jump onto|jump up on|jump into|jump in|hop on|hop onto|hop up on|hop into|leap onto|crawl into|crawl onto|sneak into|sneak onto|wander into|wander onto|wander up to"
              "|drive into|drive up|drive up to|drive onto|pull in|pull into|pull up|pull up to|pull onto|roll in|roll into|roll up|park on|head into|head to|head for|turn into|return to|go back to"
              "|come back to|reach for|set foot in|set foot on|swing by|stop by|drop by|make it to"),
    ("at", "appear|appear at|appear in|show up at|show up in|show up on|turn up at|turn up in|turn up on|show up|turn up|stand|stand in|stand at|wait|wait at|sit|sit on|rest|nap|sleep|sleep on|snooze|lounge|roam|play|park|walk by|walk past"
           "|walk through|walk along|walk around|walk across|pass by|pass through|drive by|drive past|drive through|drive along|sniff around|visit|cross|pace|browse|graze"),
    ("leave", "leave|exit|go out of|get out of|get off|get out|climb off|climb out of|jump off|jump out of|hop off|walk out of|walk off|walk out|walk away from|run out of|run off|run away|drive off|drive away|drive out of|pull out of|pull out"
              "|step out of|step off|head out of|wander off|sneak out of|slip out of|break out of|crawl out of|escape|escape from|come out of|move away from"),
    ("eat", "eat|feed|eat from|eat at|eat out of|munch|nibble|dine|snack|eat breakfast|eat dinner|eat lunch|eat supper|eat food|have breakfast|have dinner|have lunch|have supper|have food|have a meal|have anything to eat|touch food|get fed|get food|come to eat|come for food"),
    ("lie", "lie|lie on|lie down|lie down on|lay|lay on|lay down"),
    ("run", "run|run across|run through|run along|run around|run about|run over|sprint|sprint across|sprint through|dash across|dash through|race through|race across|race around|gallop"),
    ("drink", "drink|drink from|drink out of|drink water|drink any water|have water|have any water|have anything to drink|have a drink|drink anything|drink something|have something to drink"),
    ("loiter", "loiter|loiter around|linger|linger around|hang around|hang about|hang out|prowl|prowl around|lurk|lurk around|snoop|snoop around"),
    ("home", "come home|get home|arrive home|return home|get back|get back home|come back home|make it home|walk in the door|walk through the door|come through the door"),
    ("away", "leave home|leave the house|head out|go away|leave for work|leave for school|leave for the day|go to work|go to school|step out|set off|head off|take off|drive off to work"),
)  # fmt: skip


def movements() -> Iterator[tuple[str, Motion]]:
    """Yield each phrase for a movement, with what it comes to."""
    for motion, verbs in _ROWS:
        for verb in verbs.split("|"):
            yield from ((form, motion) for form in forms(verb))
