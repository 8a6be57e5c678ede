"""Change: the verbs by which a thing is said to come into a state, in every form: "kicks on", "swung open", "powering down".

A row names the values and the verbs in their base form; the forms are made here, so that no tense is ever missing. Which of
them fits is decided by the device: only what lists "running" can start up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Values = tuple[str | bool, ...]

# Values, the attribute they are limited to, and the verbs for coming into them.
_ROWS: tuple[tuple[Values, str | None, str], ...] = (
    (("open",), None, "open|open up|swing open|pop open|slide open|crack open|push open|pull open|throw open|fly open|spring open|get open|fall open"),
    (("closed",), None, "close|shut|close up|swing shut|slam shut|slam|pull shut|fall shut|push shut|swing closed|slide shut|slide closed|get closed|close behind"),
    (("locked",), None, "lock|lock up|bolt|latch|deadbolt|get locked"),
    (("unlocked",), None, "unlock|unbolt|unlatch|get unlocked"),
    (("on", "cleaning", "running"), None, "turn on|switch on|come on|go on|kick on|kick in|click on|power on|power up|fire up|start up|flip on|put on|flick on|light up|cut on|cut in|snap on|spring on|crank up|activate|come to life|spring to life"),
    (("off",), None, "turn off|switch off|shut off|power off|power down|click off|flip off|flick off|cut out|cut off|kick off|shut down|put out|deactivate|turn out"),
    (("running",), None, "start|start up|start running|begin|begin running|get going|get started|set going"),
    (("finished",), None, "finish|finish up|finish running|complete|end|wrap up|stop|stop running|come to an end|get done"),
    (("wet",), None, "leak|flood|get wet|become wet|spring a leak|detect water|detect a leak|sense water|detect moisture|find water"),
    (("dry",), None, "dry|dry out|dry up|dry off|get dry|become dry"),
    (("on",), "motion", "detect motion|sense motion|see motion|pick up motion|register motion|report motion|detect movement|sense movement|pick up movement|register movement|notice movement|trip|trigger|fire|move|activate|set off|go off"),
    (("empty",), None, "get empty|become empty|run empty"),
    (("full",), None, "get full|become full|fill up|get filled|be refilled|be filled"),
    (("outage",), None, "go out|go down|fail|drop out|cut out|die|black out|go dead|get cut|get lost"),
    (("on",), "power", "come back|come back on|return|get restored|recover|go back on|come on|switch on|turn on"),
    (("running", "on", "cleaning"), "appliance", "use"),
    (("open",), None, "use|touch|get into"),
    (("stuck",), None, "get stuck|become stuck|jam|get jammed|get trapped|stall|get caught"),
    (("cleaning",), None, "clean|start cleaning|begin cleaning|get going|resume|carry on|vacuum|start vacuuming|hoover|run"),
    (("docked",), None, "dock|return to base|return to its dock|go back to its dock|go back to base"),
    ((True,), "plugged_in", "plug in|hook up|get plugged in|connect"),
    ((False,), "plugged_in", "unplug|get unplugged|disconnect"),
)  # fmt: skip

_IRREGULAR = {
    "swing": ("swung", "swung"), "slide": ("slid", "slid"), "throw": ("threw", "thrown"), "fly": ("flew", "flown"), "spring": ("sprang", "sprung"),
    "get": ("got", "gotten"), "fall": ("fell", "fallen"), "shut": ("shut", "shut"), "come": ("came", "come"), "go": ("went", "gone"),
    "put": ("put", "put"), "cut": ("cut", "cut"), "light": ("lit", "lit"), "begin": ("began", "begun"), "set": ("set", "set"), "find": ("found", "found"),
    "see": ("saw", "seen"), "eat": ("ate", "eaten"), "feed": ("fed", "fed"), "have": ("had", "had"), "stand": ("stood", "stood"), "sit": ("sat", "sat"), "lie": ("lay", "lain"), "lay": ("laid", "laid"), "sleep": ("slept", "slept"), "hang": ("hung", "hung"), "drive": ("drove", "driven"), "sneak": ("snuck", "sneaked"), "take": ("took", "taken"), "make": ("made", "made"), "break": ("broke", "broken"),
    "drop": ("dropped", "dropped"), "step": ("stepped", "stepped"), "stop": ("stopped", "stopped"), "slip": ("slipped", "slipped"), "be": ("was", "been"), "become": ("became", "become"), "ring": ("rang", "rung"), "run": ("ran", "run"), "leave": ("left", "left"),
}  # fmt: skip
_DOUBLING = frozenset("get shut put cut set run sit step stop drop slip nap".split())
_DOUBLED = re.compile(r"^(?:[^aeiou]*[aeiou][bdgmnpt]|begin|unplug)$")


def changes() -> Iterator[tuple[str, Values, str | None]]:
    """Yield each phrase for a change, with the values that a thing comes into and the attribute it is limited to."""
    for values, attribute, verbs in _ROWS:
        for verb in verbs.split("|"):
            yield from ((form, values, attribute) for form in forms(verb))


def forms(verb: str) -> list[str]:
    """Return the forms of a verb with its particle: "swing open" gives "swung open", "swinging open"; "-s" is a stem's."""
    head, _, rest = verb.partition(" ")
    past, done = _IRREGULAR.get(head, (_past(head), _past(head)))
    return [f"{form} {rest}".strip() for form in dict.fromkeys((head, past, done, _going(head)))]


def _past(head: str) -> str:
    if head.endswith("e"):
        return f"{head}d"
    if head.endswith("y") and head[-2] not in "aeiou":
        return f"{head[:-1]}ied"
    return f"{head}{head[-1]}ed" if _DOUBLED.match(head) else f"{head}ed"


def _going(head: str) -> str:
    if head.endswith("e") and not head.endswith(("ee", "be")):
        return f"{head[:-1]}ing"
    return f"{head}{head[-1]}ing" if _DOUBLED.match(head) or head in _DOUBLING else f"{head}ing"
