"""Pieces: a Spanish sentence cut into times, names, verbs with what belongs to them, and small words, each with its English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from proactive.language.local.spanish import lexicon
from proactive.language.local.spanish.noun import LIVING, NOUNS, Names, name_at
from proactive.language.local.spanish.number import number_at, plain
from proactive.language.local.spanish.time import time_at
from proactive.language.local.spanish.verb import CLITICS, Form, forms_of
from proactive.language.local.spanish.word import Word

Kind = Literal[
    "mark", "join", "who", "name", "state", "extreme", "compare", "number", "prep", "time", "verb", "not", "determiner", "quantifier",
    "again", "pronoun", "stop", "home", "sent", "asks", "unknown",
]  # fmt: skip
Stand = Literal["present", "past", "perfect", "progressive", "infinitive"]


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb with its auxiliaries and pronouns: `order` where it may ask for something, `wish` where it surely does."""

    lemma: str
    stand: Stand
    negated: bool = False
    clitics: tuple[str, ...] = ()
    order: bool = False
    wish: bool = False
    hung: bool = False
    again: bool = False
    stops: bool = False
    plural: bool = False
    first: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece: what it is, its English, and the words it was; `known` where the home has the name."""

    kind: Kind
    english: str
    said: str = ""
    verb: Verb | None = None
    known: bool = False
    bare: bool = False
    ago: bool = False


_QUESTION_WORDS = {
    "quien": "who", "quienes": "who", "que": "what", "cuando": "when", "donde": "where", "cuanto": "how much", "cuanta": "how much", "cuantas": "how many",
    "cuantos": "how many", "cual": "which", "como": "how",
}  # fmt: skip
_TABLES: tuple[tuple[Kind, Mapping[str, str]], ...] = (
    ("mark", lexicon.MARKS), ("join", lexicon.JOINS), ("who", lexicon.WHO), ("extreme", lexicon.EXTREMES), ("compare", lexicon.COMPARES),
    ("state", lexicon.STATES), ("quantifier", lexicon.QUANTIFIERS), ("again", lexicon.REPEATED), ("not", lexicon.NEGATIONS), ("pronoun", lexicon.PRONOUNS),
    ("home", {"a casa": "home", "a la casa": "home", "a mi casa": "home", "a nuestra casa": "home", "de casa": "home", "de la casa": "home", "de mi casa": "home", "del trabajo": "home"}),
    ("prep", lexicon.PREPS), ("determiner", lexicon.DETERMINERS),
)  # fmt: skip
_LONGEST = 7


def pieces_of(words: Sequence[Word], names: Names) -> list[Piece]:
    """Return the pieces of a sentence in order; a word that is none of them is `unknown`, as it was written."""
    found: list[Piece] = []
    at = 0
    while at < len(words):
        piece, after = _piece(words, at, names, found)
        if piece is not None:
            found.append(piece)
        at = after
    return found


def _piece(words: Sequence[Word], at: int, names: Names, before: Sequence[Piece]) -> tuple[Piece | None, int]:
    word = words[at]
    name = name_at(words, at, names, indefinite=bool(before) and before[-1].english == "a")
    if name is not None and name.literal and name.end - at > 1:
        return Piece("name", name.english, word.raw, known=True), name.end
    if asked := _asked(words, at):
        return asked, at + 1
    if word.fold in _BY_ITSELF and _says_how_one_is(before):
        return Piece("state", "alone", word.raw), at + 1
    if word.text == "mí":
        return Piece("who", "me", "mí"), at + 1
    time = time_at(words, at)
    if (
        time is not None
        and not _counts_things(words, at, time[1], time[0].bare)
        and not (before and before[-1].kind == "determiner" and time[0].bare)
    ):
        return Piece("time", time[0].english, word.raw, bare=time[0].bare, ago=time[0].ago), time[1]
    if (fixed := _fixed(words, at, 2)) is not None and not _verb_is_longer(words, at, fixed[1]):
        return fixed
    after_article = bool(before) and before[-1].kind in ("determiner", "quantifier") and before[-1].said != "este"
    led = bool(before) and before[-1].kind == "prep" and word.fold in NOUNS
    verb = None if after_article or led or (name is not None and name.literal) else verb_at(words, at)
    if verb is not None:
        return Piece("verb", "", word.raw, verb=verb[0]), verb[1]
    if name is not None:
        return Piece("name", name.english, word.raw, known=name.known), name.end
    if (number := _number(words, at)) is not None:
        return number
    return _fixed(words, at, 1) or _last(words, at)


# "Solo" is "only" too, except after a verb of being somehow.
_BY_ITSELF = frozenset(("solo", "sola", "solos", "solas"))
_BEING = frozenset(("estar", "quedar", "dejar", "llevar", "seguir", "pasar"))


def _says_how_one_is(before: Sequence[Piece]) -> bool:
    """Say whether a verb of being is the last word so far: "se queda ...", "lleva veinte minutos ..."."""
    said = next((piece for piece in reversed(before) if piece.kind != "time"), None)
    return said is not None and said.verb is not None and said.verb.lemma in _BEING


def _asked(words: Sequence[Word], at: int) -> Piece | None:
    word = words[at]
    first = at == 0 or (at == 1 and words[0].text == "¿")
    if word.fold in _QUESTION_WORDS and (word.accented or (first and words[-1].text == "?" and word.fold != "cuando")):
        return Piece("asks", _QUESTION_WORDS[word.fold], word.raw)
    return None


def _counts_things(words: Sequence[Word], at: int, after: int, bare: bool) -> bool:
    """Say whether "las dos" of "las dos puertas" counts and is no clock."""
    return bare and words[at].fold in ("las", "la") and after < len(words) and words[after].fold in NOUNS


def _fixed(words: Sequence[Word], at: int, least: int) -> tuple[Piece | None, int] | None:
    for size in range(min(_LONGEST, len(words) - at), least - 1, -1):
        said = " ".join(word.fold for word in words[at : at + size])
        plain_state = " ".join([_masculine(words[at].fold), *(word.fold for word in words[at + 1 : at + size])])
        if said == "a mi" and (at + 2 < len(words) and words[at + 2].text not in (",", "y")):
            continue
        if (size == 2 and said.startswith("muy ")) or said.startswith("demasiado "):
            plain_state = f"{words[at].fold} {_masculine(words[at + 1].fold)}" if size == 2 else plain_state
        for kind, table in _TABLES:
            key = plain_state if kind in ("state", "extreme") and plain_state in table else said
            if key in table and not (kind == "determiner" and words[at].text == "él"):
                return Piece(kind, table[key], words[at].fold), at + size
        if said in lexicon.DROPPED:
            return None, at + size
    return None


def _verb_is_longer(words: Sequence[Word], at: int, after: int) -> bool:
    """Say whether "no ha comido" goes on where the fixed words "no ..." end."""
    verb = verb_at(words, at)
    return verb is not None and verb[1] > after


def _masculine(word: str) -> str:
    singular = word[:-1] if word.endswith("s") and len(word) > 4 else word
    return singular[:-1] + "o" if singular.endswith("a") and len(singular) > 3 else singular


def _number(words: Sequence[Word], at: int) -> tuple[Piece, int] | None:
    number = number_at(words, at)
    if number is None or words[at].fold in ("un", "una", "uno"):
        return None
    value, after = number
    for size in (3, 2, 1):
        unit = lexicon.UNITS.get(" ".join(word.fold for word in words[after : after + size]))
        if unit is not None and after + size <= len(words):
            return Piece("number", f"{plain(value)}{'' if unit == '%' else ' '}{unit}", words[at].raw), after + size
    return Piece("number", plain(value), words[at].raw), after


def _last(words: Sequence[Word], at: int) -> tuple[Piece | None, int]:
    word = words[at]
    if word.text in lexicon.DROPPED or word.fold in lexicon.DROPPED:
        return None, at + 1
    if word.text == "él":
        return Piece("pronoun", "he", word.raw), at + 1
    if (
        word.fold.rstrip("s") in lexicon.SENT
        or word.fold in lexicon.SENT
        or word.fold.removesuffix("es") in lexicon.SENT
    ):
        return Piece("sent", "notification", word.raw), at + 1
    if not word.text[0].isalnum():
        return (
            Piece("stop", word.text, word.raw)
            if word.text in (",", ".", ";", ":", "?", "!", "<", ">", "%", "=")
            else None
        ), at + 1
    state = lexicon.STATES.get(_masculine(word.fold))
    return (Piece("state", state, word.raw) if state else Piece("unknown", word.raw, word.raw)), at + 1


# --- verbs ------------------------------------------------------------------------------------------------------

_NEGATIONS = (("ya", "no"), ("todavia", "no"), ("aun", "no"), ("no",), ("nunca",), ("jamas",))
_NOT_VERBS = frozenset(
    "de se para como fuera sobre bajo casa nota era baño sal sales di cerca entrada sede este esta vera seria".split()
)
_ALONE = frozenset(("me", "te", "se", "nos", "le", "les", "lo", "la", "los", "las"))


def verb_at(words: Sequence[Word], at: int) -> tuple[Verb, int] | None:
    """Return the verb that starts at a position, with its negation, pronouns and auxiliaries, or None."""
    position, negated = _negation(words, at)
    position, clitics = _clitics(words, position)
    if position >= len(words):
        return None
    form = _form(words, position, bool(clitics) or negated)
    if form is None or (
        words[position].fold in NOUNS and words[position].fold not in _VERBS_TOO and not negated and not clitics
    ):
        return None
    found = _with_auxiliary(form, words, position + 1)
    if found is None:
        return None
    verb, after = found
    first = form.person == "1" and form.tense == "present"
    return replace(
        verb, negated=verb.negated or negated, clitics=(*clitics, *verb.clitics), first=verb.first or first
    ), after


_VERBS_TOO = frozenset(("cena", "visita", "llama"))


def _negation(words: Sequence[Word], at: int) -> tuple[int, bool]:
    for said in _NEGATIONS:
        if tuple(word.fold for word in words[at : at + len(said)]) == said:
            return at + len(said), True
    return at, False


def _clitics(words: Sequence[Word], at: int) -> tuple[int, tuple[str, ...]]:
    found = []
    while (
        at < len(words)
        and words[at].fold in _ALONE
        and at + 1 < len(words)
        and words[at + 1].fold not in NOUNS
        and not words[at].raw[:1].isdigit()
    ):
        found.append(words[at].fold)
        at += 1
    return at, tuple(found)


def _form(words: Sequence[Word], at: int, led: bool) -> Form | None:
    """Return the reading of a word as a verb: the past where its accent says so ("cerró"), else the present."""
    word = words[at]
    if word.fold in _NOT_VERBS and not _surely_verb(words, at, led):
        return None
    forms = [form for form in forms_of(word.fold) if form.tense != "participle"]
    if not forms:
        return None
    past = [form for form in forms if form.tense == "past" and form.person in ("1", "3")]
    if past and word.text[-1:] in ("ó", "é") and not any(form.order for form in forms):
        return past[0]
    if past and word.text[-1:] == "ó":
        return past[0]
    return next((form for form in forms if form.tense != "past"), forms[0])


def _surely_verb(words: Sequence[Word], at: int, led: bool) -> bool:
    word = words[at]
    following = words[at + 1].fold if at + 1 < len(words) else ""
    if word.fold in ("esta", "este"):
        state = _masculine(following) in lexicon.STATES or following in (
            "en",
            "sin",
            "por",
            "fuera",
            "a",
            "comiendo",
            "de",
            "muy",
            "demasiado",
            "dentro",
            "sobre",
            "cerca",
        )
        return led or word.accented or state or any(form.tense == "gerund" for form in forms_of(following))
    return (word.fold == "de" and word.text == "dé") or (word.fold == "sal" and not led) is None


def _with_auxiliary(form: Form, words: Sequence[Word], after: int) -> tuple[Verb, int] | None:
    following = words[after].fold if after < len(words) else ""
    later = words[after + 1].fold if after + 1 < len(words) else ""
    verb = Verb(
        form.lemma, _stand(form), clitics=form.clitics, order=form.order, hung=bool(form.clitics), plural=form.plural
    )
    if form.lemma == "haber" and (done := _of_tense(following, "participle")):
        if done.lemma == "ser" and (inner := _of_tense(later, "participle")):
            return replace(verb, lemma=inner.lemma, stand="perfect"), after + 2
        return _beyond(replace(verb, lemma=done.lemma, stand="perfect"), words, after + 1)
    if form.lemma in ("querer", "poder", "necesitar", "gustar", "deber") or (
        form.lemma in ("tener", "hacer") and following == "que"
    ):
        return _wished(verb, words, after)
    if form.lemma in ("estar", "seguir", "continuar", "ir", "andar") and (doing := _of_tense(following, "gerund")):
        return replace(verb, lemma=doing.lemma, stand="progressive", clitics=(*verb.clitics, *doing.clitics)), after + 1
    if form.lemma == "ser" and (done := _of_tense(following, "participle")) and done.lemma in lexicon.DEEDS:
        return replace(verb, lemma=done.lemma), after + 1
    return _beyond(verb, words, after)


def _beyond(verb: Verb, words: Sequence[Word], after: int) -> tuple[Verb, int]:
    """Return a verb with the infinitive that it leads: "empieza a llorar", "vuelve a abrirse", "deja de ladrar"."""
    following = words[after].fold if after < len(words) else ""
    inner = _of_tense(words[after + 1].fold, "infinitive") if after + 1 < len(words) else None
    if inner is not None and following == "a" and verb.lemma in ("empezar", "comenzar", "poner", "ir", "volver"):
        return replace(
            verb, lemma=inner.lemma, again=verb.lemma == "volver", clitics=(*verb.clitics, *inner.clitics), order=False
        ), after + 2
    if inner is not None and following == "de" and verb.lemma == "dejar":
        return replace(verb, lemma=inner.lemma, stops=True, order=verb.order), after + 2
    if inner is not None and following == "de" and verb.lemma in ("terminar", "acabar"):
        return verb, after + 2
    if verb.lemma == "dar" and following == "de" and inner is not None and inner.lemma == "comer":
        return replace(verb, lemma="dar de comer"), after + 2
    if verb.lemma == "olvidar":
        position = after + (following == "de")
        forgotten = _of_tense(words[position].fold, "infinitive") if position < len(words) else None
        if forgotten is not None:
            return replace(verb, lemma=f"olvidar {forgotten.lemma}"), position + 1
    return verb, after


def _wished(verb: Verb, words: Sequence[Word], after: int) -> tuple[Verb, int] | None:
    after += after < len(words) and words[after].fold == "que"
    inner = verb_at(words, after)
    if inner is None:
        return None
    return replace(inner[0], order=True, wish=True, clitics=(*verb.clitics, *inner[0].clitics)), inner[1]


def _of_tense(word: str, tense: str) -> Form | None:
    return next((form for form in forms_of(word) if form.tense == tense), None) if word else None


def _stand(form: Form) -> Stand:
    if form.tense == "infinitive":
        return "infinitive"
    return "past" if form.tense == "past" else "progressive" if form.tense == "gerund" else "present"


def is_living(name: str) -> bool:
    """Say whether a name's last word is a kind of person or animal."""
    return name.rsplit(maxsplit=1)[-1] in LIVING if name else False


__all__ = ["CLITICS", "Piece", "Verb", "is_living", "pieces_of", "verb_at"]
