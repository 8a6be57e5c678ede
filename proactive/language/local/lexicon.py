"""The lexicon: what words mean, in tables. Grammar is elsewhere; a home's own names are in `catalogue`.

A phrase is written with stems (no plural, no possessive), as `token.stem` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from proactive.language.local.change import changes
from proactive.language.local.movement import Motion, movements

# --- what devices are called ------------------------------------------------------------------------------------

TYPE_NOUNS: dict[str, tuple[str, ...]] = {
    "garage_door": ("garage door", "garage"),
    "door": ("door",),
    "lock": ("lock", "door lock", "door", "deadbolt"),
    "gate": ("gate",),
    "doorbell": ("doorbell", "door bell", "bell"),
    "window": ("window",),
    "appliance_door": ("door",),  # the fridge's: never "a door"
    "temperature": ("temperature", "temp"),
    "humidity": ("humidity",),
    "co2": ("co2", "carbon dioxide", "co2 level"),
    "leak": ("leak sensor", "water sensor", "leak detector", "leak", "water leak", "water"),
    "washing_machine": ("washing machine", "washer", "laundry"),
    "dryer": ("dryer", "tumble dryer"),
    "dishwasher": ("dishwasher", "dish washer"),
    "thermostat": ("thermostat",),
    "switch": ("switch", "plug"),
    "light": ("light", "lamp", "lighting"),
    "fan": ("fan",),
    "tv": ("tv", "television"),
    "motion": ("motion sensor", "motion detector", "motion", "movement", "activity", "sensor"),
    "container": ("container", "bin"),
    "power": ("power", "electricity"),
    "vacuum": ("vacuum", "vacuum cleaner", "hoover", "robot vacuum"),
    "phone": ("phone", "cell phone", "mobile phone"),
    "car": ("car",),
    "blinds": ("blind", "curtain", "shade", "shutter"),
    "alarm": ("alarm", "security alarm", "alarm system"),
    "glucose": ("glucose", "blood sugar", "sugar"),
    "smoke": ("smoke alarm", "smoke detector", "smoke"),
    "feeder": ("feeder", "pet feeder", "food dispenser"),
    "microphone": ("microphone", "mic"),
    "camera": ("camera", "cam"),
    "speaker": ("speaker",),
    "valve": ("valve",),
    "stove": ("stove",),
    "oven": ("oven",),
}

# A noun that goes with a name of that type ("the fridge door") and does not alone stand for one ("a door").
NOT_ALONE = frozenset({("appliance_door", "door"), ("motion", "sensor"), ("leak", "water"), ("leak", "leak")})

# Words that name the same place or thing as a word in a home's names.
SAME: dict[str, str] = {
    "outside": "outdoor", "outdoors": "outdoor", "backdoor": "back door", "entrance": "front", "entry": "front",
    "main entrance": "front door", "fridgefreezer": "fridge", "refrigerator": "fridge", "deep freezer": "freezer",
    "deep freeze": "freezer", "television": "tv", "cellar": "basement", "yard": "backyard", "back yard": "backyard",
    "sofa": "couch", "drive": "driveway", "hall": "hallway", "lounge": "living room", "lamp": "light", "cot": "crib",
    "door bell": "doorbell", "temp": "temperature", "bath": "bathroom", "washroom": "bathroom", "restroom": "bathroom", "coffee maker": "coffee machine", "settee": "couch", "mailbox": "letterbox",
    "telly": "tv", "couch": "sofa",
}  # fmt: skip

# --- what values are called -------------------------------------------------------------------------------------

Aspect = Literal["is", "becomes", "either"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A word for values of an attribute: as a state ("is ajar"), a change ("opens"), or either ("open", "closed").

    `attribute` limits it to that attribute of a device, else any attribute that lists one of the values.
    """

    values: tuple[str | bool, ...]
    aspect: Aspect = "either"
    attribute: str | None = None


# What makes a noise or sees something when it "goes off"; anything else is off then.
ALARMING = frozenset(("smoke", "alarm", "motion", "leak", "carbon_monoxide", "phone", "speaker"))
GOING_OFF = Meaning(("triggered", "alarm", "on"), "becomes")


def _meanings() -> dict[str, tuple[Meaning, ...]]:
    rows: list[tuple[str, Meaning]] = [
        ("open", Meaning(("open",))),
        ("ajar|wide open|in an open state|in open state", Meaning(("open",), "is")),
        ("opened|opening", Meaning(("open",), "becomes")),
        ("closed|shut|close", Meaning(("closed",))),
        ("answer|answered|answering", Meaning(("open",), "becomes")),
        ("closing", Meaning(("closed",), "becomes")),
        ("locked|lock", Meaning(("locked",))),
        ("unlocked|unlock", Meaning(("unlocked",))),
        ("locking", Meaning(("locked",), "becomes")),
        ("unlocking", Meaning(("unlocked",), "becomes")),
        ("on", Meaning(("on",))),
        ("off", Meaning(("off",))),
        ("turn on|turned on|switch on|switched on|switching on|come on|coming on|turning on|go on", Meaning(("on", "cleaning", "running"), "becomes")),
        ("turn off|turned off|switch off|switched off|turning off|shut off", Meaning(("off",), "becomes")),
        ("burning|lit|blaring|playing|humming", Meaning(("on",), "is")),
        ("running", Meaning(("running", "on"), "is")),
        ("start|started|starting|start running", Meaning(("running", "on"), "becomes")),
        ("run", Meaning(("running", "on"), "becomes")),
        (
            "finish|finished|finishing|done|complete|completed|completing|ended|ending|stop running|finish running",
            Meaning(("finished",), "becomes"),
        ),
        ("end|stop|stopped|stopping", Meaning(("finished",), "becomes")),
        ("idle", Meaning(("idle",))),
        ("wet|leaking|flooded|flooding", Meaning(("wet",), "is")),
        ("leak|detect water|detect a leak|flood|get wet|leaked", Meaning(("wet",), "becomes")),
        ("dry", Meaning(("dry",))),
        ("empty", Meaning(("empty",))),
        ("full", Meaning(("full",))),
        ("move|moved|moving|detect motion|see motion|trip|tripped|triggered|trigger|detect movement", Meaning(("on",), "becomes", "motion")),
        ("go out|outage|fail|cut|went out|out|lost|go down", Meaning(("outage",), "becomes")),
        ("come back on|restored|come back|return", Meaning(("on",), "becomes", "power")),
        ("stuck", Meaning(("stuck",))),
        ("cleaning", Meaning(("cleaning",))),
        ("cleaned|start cleaning|vacuumed|run", Meaning(("cleaning",), "becomes")),
        ("docked", Meaning(("docked",))),
        ("armed", Meaning(("armed_home", "armed_away", "armed"))),
        ("disarmed|disarm", Meaning(("disarmed",))),
        ("plugged in|plugged", Meaning((True,), "either", "plugged_in")),
        ("plug in", Meaning((True,), "becomes", "plugged_in")),
        ("unplugged", Meaning((False,), "either", "plugged_in")),
        ("charging", Meaning((True,), "is", "charging")),
        ("rain is forecast|rain is forecasted|rain forecast|is going to rain|going to rain|rain is expected", Meaning((True,), "is", "rain_forecast")),
        ("beep|beeping|sounding", Meaning(("on", "triggered", "alarm"), "becomes")),
        ("go off|went off|gone off|going off", GOING_OFF),
        ("dispense|dispensed", Meaning(("dispensing", "dispensed"), "becomes")),
    ]  # fmt: skip
    table: dict[str, tuple[Meaning, ...]] = {}
    for phrases, meaning in rows:
        for phrase in phrases.split("|"):
            table[phrase] = (*table.get(phrase, ()), meaning)
    return _with_every_form(table)


def _with_every_form(table: dict[str, tuple[Meaning, ...]]) -> dict[str, tuple[Meaning, ...]]:
    """Return the table with every form of every verb of change; a phrase that it has already keeps what it means."""
    made: dict[str, tuple[Meaning, ...]] = {}
    for phrase, values, attribute in changes():
        if phrase not in table:
            made[phrase] = (*made.get(phrase, ()), Meaning(values, "becomes", attribute))
    return {**made, **table}


MEANINGS = _meanings()
# Where a thing is at rest: what "has not been turned off by ten" says of how it stands, not of what happened.
RESTING = frozenset(("closed", "locked", "off", "docked", "idle", "armed_home", "armed_away", "armed", "dry"))

# Words for the events that a device may list.
EVENT_WORDS: dict[str, tuple[str, ...]] = {
    "pressed": (
        "ring",
        "rang",
        "rung",
        "pressed",
        "press",
        "pushed",
        "push",
        "ringing",
        "goe off",
        "go off",
        "went off",
        "gone off",
        "going off",
        "chime",
        "chimed",
        "chiming",
        "buzzed",
        "sounded",
        "dinged",
        "ding",
    ),
    "crying": ("cry", "crying", "crying is heard", "crie", "cried", "start crying"),
    "whistling": ("whistle", "whistling", "start whistling"),
    "barking": ("bark", "barking", "barked", "start barking"),
    "armed": ("armed", "arm"),
    "disarmed": ("disarmed", "disarm"),
    "dispensed": ("dispense", "dispensed", "dispensing"),
}
# A source of sound reports who makes it, not which device hears it: "the kettle whistles", "the baby cries".
HEARD_BY = frozenset({"microphone"})

# Attributes that hold numbers: the nouns for them.
NUMBER_NOUNS: dict[str, tuple[str, ...]] = {
    "current_temperature": ("temperature", "temp", "degree"),
    "setpoint": ("setpoint", "set point", "target temperature"),
    "battery": ("battery", "battery level", "charge", "battery charge"),
    "volume": ("volume",),
    "wind": ("wind", "wind speed"),
    "forecast_low": ("forecast low", "overnight low"),
    "rain_mm_next_hour": ("rain in the next hour",),
    "power": ("power", "wattage", "consumption"),
}

# --- comparing --------------------------------------------------------------------------------------------------

COMPARE: dict[str, Literal["above", "below", "reach", "most"]] = {
    "above": "above", "over": "above", "exceed": "above", "greater than": "above", "higher than": "above", "more than": "above",
    "hotter than": "above", "gone above": "above", "risen above": "above", "rose above": "above", "went above": "above", "climbed above": "above", "longer than": "above", "warmer than": "above", "bigger than": "above", ">": "above", "rise above": "above", "go above": "above",
    "go over": "above", "climb above": "above", "get above": "above", "get over": "above", "pass": "above", "rise over": "above",
    "below": "below", "under": "below", "lower than": "below", "gone below": "below", "fallen below": "below", "dropped below": "below", "fell below": "below", "went below": "below", "less than": "below", "colder than": "below", "cooler than": "below",
    "beneath": "below", "<": "below", "drop below": "below", "fall below": "below", "go below": "below", "go under": "below",
    "drop under": "below", "dip below": "below", "get below": "below", "fall under": "below", "drop to": "below",
    "at most": "most", "no more than": "most", "reach": "reach", "reached": "reach", "hit": "reach", "at least": "reach", "get to": "reach", "rise to": "reach",
}  # fmt: skip
UNITS: dict[str, str] = {
    "degree": "", "degrees fahrenheit": "F", "degree fahrenheit": "F", "fahrenheit": "F", "f": "F", "degree f": "F",
    "celsius": "C", "degree celsius": "C", "degree c": "C", "c": "C", "centigrade": "C", "degree centigrade": "C",
    "%": "%", "percent": "%", "ppm": "ppm", "mg": "", "mm": "mm", "watt": "W", "w": "W", "mph": "mph", "point": "",
}  # fmt: skip
EXTREMES = (
    "too high",
    "too low",
    "too cold",
    "too hot",
    "too warm",
    "low",
    "high",
    "cold",
    "hot",
    "getting low",
    "abnormal",
    "unusual",
    "out of range",
)

# --- what cameras see -------------------------------------------------------------------------------------------

# Indefinite nouns: the labels that a detector gives.
LABELS: dict[str, tuple[str, ...]] = {
    "person": ("person",), "people": ("person",), "human": ("person",), "visitor": ("person",), "somebody": ("person",),
    "someone": ("person",), "anyone": ("person",), "anybody": ("person",), "man": ("person",), "woman": ("person",),
    "vehicle": ("car", "truck", "bus", "motorcycle"), "car": ("car",), "truck": ("truck",), "van": ("car", "truck"), "bike": ("bicycle",),
    "bicycle": ("bicycle",), "motorcycle": ("motorcycle",), "motorbike": ("motorcycle",), "dog": ("dog",), "cat": ("cat",), "bird": ("bird",),
    "animal": ("dog", "cat", "bird", "horse", "sheep", "cow", "bear"), "phone": ("cell phone",), "laptop": ("laptop",), "suitcase": ("suitcase",),
    "backpack": ("backpack",), "rucksack": ("backpack",), "handbag": ("handbag",), "purse": ("handbag",), "bag": ("backpack", "handbag", "suitcase"), "luggage": ("suitcase",),
    "package": ("package",), "parcel": ("package",), "bear": ("bear",), "horse": ("horse",), "guest": ("person",), "individual": ("person",), "guy": ("person",), "men": ("person",),
    "women": ("person",), "lady": ("person",), "pedestrian": ("person",), "passerby": ("person",), "adult": ("person",), "puppy": ("dog",), "kitten": ("cat",),
    "automobile": ("car",), "suv": ("car",), "pickup": ("truck",), "lorry": ("truck",), "bus": ("bus",),
}  # fmt: skip
BAGS = frozenset(("backpack", "handbag", "suitcase"))
_STRANGE = ("strange", "unknown", "unfamiliar", "unrecognized", "unrecognised", "unidentified", "unexpected", "foreign")
_NOT_OURS = (
    *(f"{who}{do} not know" for who in ("", "that ", "who ", "whom ") for do in ("we do", "i do")),
    *(
        f"{that} {is_not}"
        for that in ("that", "which", "who")
        for is_not in ("is not ours", "is not mine", "does not live here")
    ),
    "not ours",
)
_STRANGE_KINDS: dict[str, tuple[str, ...]] = {
    "person": ("person",), "people": ("person",), "face": ("person",), "visitor": ("person",), "man": ("person",), "woman": ("person",),
    "human": ("person",), "individual": ("person",), "someone": ("person",), "somebody": ("person",), "anyone": ("person",), "anybody": ("person",),
    "dog": ("dog",), "cat": ("cat",), "animal": ("dog", "cat"),
}  # fmt: skip
# Nobody the home knows, by what it is: somebody, a dog, a cat.
STRANGERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("stranger", "intruder", "burglar", "trespasser", "prowler", "someone strange", "someone unfamiliar", "someone unknown"), ("person",)),
    **{f"{how} {kind}": label for how in _STRANGE for kind, label in _STRANGE_KINDS.items()},
    **{f"{kind} {how}": label for how in _NOT_OURS for kind, label in _STRANGE_KINDS.items()},
    "stray dog": ("dog",), "stray cat": ("cat",), "stray": ("dog", "cat"),
}  # fmt: skip
NOBODY = ("nobody", "no one", "no-one", "noone", "no person", "no people")
EVERYONE = ("everyone", "everybody", "all of us", "the whole family", "everyone in the family", "we all")

MOTIONS: dict[str, Motion] = {
    **dict(movements()),
    "at": "at", "in view": "at", "visible": "at", "seen": "at", "spotted": "at", "detected": "at", "present": "at", "appear": "at",
    "show up": "at", "shown up": "at", "showed up": "at", "turned up": "at", "see": "at", "saw": "at", "stand": "at", "standing": "at", "waiting": "at", "remain": "at", "stay": "at", "sit": "at",
    "sitting": "at", "lying": "lie", "laying": "lie", "running": "run", "drunk": "drink", "drinking": "drink", "drunk any water": "drink", "drunk anything": "drink", "drunk water": "drink",
    "had anything to drink": "drink", "had any water": "drink", "had water": "drink", "loitering": "loiter", "lingering": "loiter",
    "alone": "alone", "left alone": "alone", "on its own": "alone", "on his own": "alone", "on her own": "alone", "by itself": "alone", "by himself": "alone", "by herself": "alone",
    "all alone": "alone", "left on its own": "alone", "left on his own": "alone", "left on her own": "alone", "left by itself": "alone", "unsupervised": "alone",
    "together": "together", "together with": "together", "is with": "together", "are with": "together", "been with": "together", "be with": "together",
    "left behind": "left_behind", "leave behind": "left_behind", "unattended": "left_behind", "left unattended": "left_behind", "abandoned": "left_behind", "left lying": "left_behind",
    "enter": "enter", "entered": "enter", "entering": "enter", "arrive": "enter", "arrived": "enter", "arriving": "enter", "come": "enter",
    "came": "enter", "coming": "enter", "pull into": "enter", "pull in": "enter", "come into": "enter", "come in": "enter", "walk into": "enter",
    "go into": "enter", "get into": "enter", "jump on": "enter", "jump onto": "enter", "get on": "enter", "climb on": "enter", "approach": "enter",
    "come to": "enter", "walk up to": "enter", "come near": "enter", "go near": "enter", "get onto": "enter", "go on": "enter", "go to": "enter",
    "climb": "at", "climbing": "at", "climbing on": "at", "walk by": "at", "walking": "at", "sleeping": "at", "sleep": "at", "sleeping on": "at", "resting": "at",
    "hanging around": "loiter", "spot": "at", "spotting": "at", "wander": "at", "wandering": "at", "jumping on": "enter", "step on": "enter", "step into": "enter", "pass by": "at",
    "jump in": "enter", "park in": "enter", "come back to": "enter", "return to": "enter", "go back to": "enter", "went to": "enter",
    "went into": "enter", "gone to": "enter", "gone into": "enter", "gone in": "enter", "visit": "at", "visited": "at", "visiting": "at",
    "been to": "at", "been near": "at", "been inside": "at", "used": "at", "use": "at",
    "leave": "leave", "left": "leave", "leaving": "leave", "exit": "leave", "go out": "leave", "walk out": "leave",
    "go out of": "leave", "get out": "leave", "get out of": "leave", "run out": "leave", "escape": "leave",
    "eat": "eat", "ate": "eat", "eaten": "eat", "eating": "eat", "fed": "eat", "eat from": "eat", "had breakfast": "eat", "had dinner": "eat",
    "had lunch": "eat", "had food": "eat", "get fed": "eat", "finished eating": "eat", "touched food": "eat",
    "had any food": "eat", "got food": "eat", "eat anything": "eat", "eaten anything": "eat", "tried to eat": "eat", "try to eat": "eat", "feed": "eat", "feeding": "eat", "come to eat": "eat", "came to eat": "eat", "come to feed": "eat",
    "come home": "home", "get home": "home", "got home": "home", "arrive home": "home", "arrived home": "home", "return home": "home",
    "came home": "home", "at home": "home", "home": "home", "get back": "home", "in the house": "home", "back home": "home",
    "inside the house": "home", "coming home": "home", "come back home": "home", "came back home": "home", "come back": "home", "came back": "home", "in": "home", "arrive at home": "home", "at the house": "home",
    "out of": "leave", "away": "away", "leave home": "away", "leave the house": "away", "left home": "away",  "left the house": "away", "out of the house": "away",
    "not at home": "away", "out": "away", "gone": "away", "leaving home": "away", "leaving the house": "away",
    "go away": "away", "left for the day": "away", "gone out": "away", "leave for the day": "away", "leave for work": "away", "left for work": "away",
}  # fmt: skip
DARK = {"dark": "down", "dark out": "down", "dark outside": "down", "after dark": "down", "sun is down": "down", "sun is up": "up",
        "light out": "up", "light outside": "up", "after sunset": "down", "after sundown": "down", "after sunrise": "up", "daylight": "up",
        "sun go down": "down",
        "between sunset and sunrise": "down", "from sunset to sunrise": "down", "from sunset until sunrise": "down", "from sunset till sunrise": "down",
        "from dusk to dawn": "down", "from dusk until dawn": "down", "from dusk till dawn": "down", "between dusk and dawn": "down", "sun has set": "down"}  # fmt: skip
SUN_EVENTS = {
    "sunset": "sunset",
    "sunrise": "sunrise",
    "sundown": "sunset",
    "dusk": "sunset",
    "dawn": "sunrise",
    "sun set": "sunset",
    "sun rise": "sunrise",
}
FOOD_DEVICE_WORDS = frozenset({"food", "kibble"})

MEALS = ("breakfast", "lunch", "dinner", "supper", "meal", "food", "anything", "any food")
PICTURES = frozenset(("picture", "photo", "snapshot", "image", "screenshot", "pic", "clip", "video"))
# Verbs that only set up what is asked for: "set a reminder", "create an alert".
SETTING_UP = frozenset(("set", "add", "make", "create", "configure", "schedule", "put", "enable", "activate", "set up"))

# --- the frame of a request -------------------------------------------------------------------------------------

NOTICE = (
    "let", "know", "let me know", "let us know", "tell", "notify", "alert", "warn", "ping", "text", "email", "inform", "remind", "message", "wake", "alarm", "send", "notification", "reminder",
    "push notification", "push", "let know", "buzz", "call", "shout", "give", "heads up", "get", "receive", "provide", "would like to know",
    "want to know", "like to know", "need to know", "watch for", "watch out for", "look out for", "keep an eye on", "announce", "alerted", "notified", "told", "reminded", "warning", "detect",
    "monitor", "watch", "track", "repeat", "make sure i know", "notifie", "warned", "beep me",
)  # fmt: skip
MARKS: dict[str, Literal["if", "unless"]] = {
    "if": "if", "when": "if", "whenever": "if", "once": "if", "as soon as": "if", "the moment": "if", "every time": "if", "any time": "if", "anytime": "if",
    "each time": "if", "in case": "if", "for when": "if", "if ever": "if", "that": "if", "unless": "unless", "whoever": "if", "the minute": "if", "the second": "if",
    "the instant": "if", "should": "if", "the moment that": "if", "by the time": "if", "by the time that": "if", "except if": "unless", "except when": "unless", "except while": "unless",
    "but not if": "unless", "but not when": "unless", "but not while": "unless", "not if": "unless", "not when": "unless", "not while": "unless", "when ever": "if", "immediately when": "if", "only if": "if", "only when": "if", "about": "if",
}  # fmt: skip
WHILE = ("while", "whilst", "as long as", "during the time")
JOINS: dict[str, Literal["and", "or", "then", "but", "except"]] = {
    "except": "except", "except for": "except", "apart from": "except", "other than": "except", "but never": "except", "nor": "or",
    "and": "and", "or": "or", "and then": "then", "then": "then", "and afterwards": "then", "followed by": "then", "but": "but", "and after that": "then",
    "plus": "and", "although": "but", "and also": "and", "afterwards": "then", "but not": "except",
}  # fmt: skip
NOT = ("not", "never", "no", "neither", "neither of", "none of", "nothing", "no longer")
# A negation that belongs to what is named and not to what is said of it: "no door is open" is none of them.
NONE_OF = frozenset(("no", "neither", "neither of", "none of", "nobody", "no one", "no-one", "noone", "nothing"))
LEFT = (
    "left",
    "leave",
    "leaving",
    "stay",
    "stayed",
    "remain",
    "remained",
    "still",
    "stay for",
    "kept",
    "keep",
    "been",
    "forgotten",
)
QUANTIFIERS: dict[str, Literal["any", "all"]] = {
    "any": "any", "any of": "any", "either": "any", "either of": "any", "one of": "any", "some": "any", "all": "all", "all of": "all", "every": "all",
    "each": "all", "both": "all", "both of": "all", "according to all": "all", "all the": "all", "no": "any", "neither": "any", "neither of": "any", "none of": "any", "any one of": "any", "a": "any", "an": "any",
}  # fmt: skip
ONE_OFF = ("only once", "once only", "just once", "just the once", "one time", "the next time", "next time")
# Words that add nothing: articles, auxiliaries, politeness, marks.
FILLER = frozenset(
    """a an the my our your their his her this these those to of is are am be being was were has have had having do does did will would can could
    may might shall i'd please just also there here been got get gets getting go goes going so ever yet already automatically currently actually
    really right immediately straight away asap quickly hey hi ok okay me us as it they them state thank thanks you want need like love something
    anything notifications sound level longer value reading sensors sensor according become become's must alexa google siri homeassistant frigate assistant
    area degrees percent whole own house place zone , . ! : ; - ( )
    """.split()
)
FILLER |= {"longer than", "now", "right now"}
# Who a notification comes from goes without saying.
FILLER |= {f"from {name}" for name in ("alexa", "google", "siri", "homeassistant", "home assistant", "frigate")}
# Small words that say something: each has to govern a time, a place or a number that was understood.
# In what order things happen; what is soon is said nowhere in the words and has a stated default.
SOON_AFTER = ("soon after", "shortly after", "right after", "just after", "immediately after", "directly after")
PARTICLES = frozenset(
    """in on at by for from with within near around inside into onto before after since past until till over between last next again one up down out
    only then both per total time times minute soon about recently without back instead
    """.split()
)
COMMANDS = (
    "turn on", "turn off", "switch on", "switch off", "turn", "close", "open", "lock", "unlock", "set", "play", "increase", "decrease", "start", "stop",
    "pause", "dim", "raise", "lower", "disarm", "arm", "mute", "resume", "shut", "activate", "deactivate", "enable", "disable", "run", "make", "put",
    "feed", "cancel", "add", "schedule", "configure", "create", "auto lock", "ring", "brighten", "dock", "skip", "record", "show", "book", "order", "buy", "call", "quiet mode",
    "unmute", "change", "delete", "remove", "drop", "switch", "power", "power on", "power off", "put on", "shut off", "shut down", "turn up", "turn down",
    "adjust", "reduce",
)  # fmt: skip
