"""Tongues: which language a request is in, and an honest answer in those that nobody here reads.

Scripts settle some, function words the rest: they are so frequent that a request of a few words has some, and a home's
names, which may be in any language, have none. Where nothing points elsewhere it is English.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Tongue = Literal["en", "es", "de", "fr", "it", "nl", "pt", "ru", "ja", "zh", "ko", "other"]

_WORDS: dict[str, frozenset[str]] = {
    tongue: frozenset(words.split())
    for tongue, words in {
        "en": """the a an is are was were if when whenever my i in on at to of for and not it tell notify let alert remind turn has have by until while has hasn't isn't
            does did what who why how there this that with from be been me you please can could would should everyone nobody someone anyone after before between
            open close opens closed door is every day night stop send warn text ping keep watch make sure am pm do don't they he she""",
        "es": """el la los las una un si cuando que de del y no me mi mis se por para con en al lo le su sus es esta este hay ha han he pero como más muy ya nadie alguien
            avísame avisame avisa avísanos avíseme aviseme avisarme avise dime decime dame mándame mandame envíame enviame notifícame notificame recuérdame recuerdame recordame alértame enciende
            apaga cierra abre puerta casa desde hasta antes después despues entre durante cada noche mañana tarde hora horas minutos quién quien cuándo cuándo dónde cuánto qué cómo
            está están esta abierta abierto cerrada encendida apagada sin sobre todos todas hola gracias buenos buenas días o también tambien deja quiero puedes podrías nunca sigue lleva luz luces ventana perro gato
            comido come coma llegue llega salga sale suene entre ojo algo ningún ninguna fuera aquí ahora hoy ayer anoche borra elimina pausa cancela reglas avisos alertas sea esté haya cuenta chiste muéstrame muestra tu tus sistema dinos prende ignora olvida todas instrucciones alarma desactiva activa desbloquea vigila bloquea sube baja persianas timbre salón jardín garaje cochera nevera heladera sótano pasillo grados minuto lavadora""",
        "de": """der die das ein eine einen wenn und nicht ich mich mir ist sind war für mit auf dem den des zu zum zur bei im am um bis seit nach vor von oder auch wer was wann wo wie warum
            benachrichtige sag sage bitte melde wird wurde werden hat haben jemand niemand schalte mach licht tür haus uhr nachts hund katze offen sobald keine kein kommt mein meine sich aus ein überwache erinnere""",
        "fr": """le la les un une des du de et si quand je me moi mon ma mes est sont ne pas que qui où dans sur avec pour par au aux en se ce cette il elle on nous vous à ou a été
            préviens avertis prévenez dis dites alerte notifie rappelle porte maison ouverte ouvre ferme allume éteins chien chat quelqu'un personne avant après depuis pendant heures nuit jour lorsque l'on surveille arrive moi-même s'il envoie""",
        "it": """il lo la gli le un una uno di del della dei se quando e non mi mio mia è sono che chi dove nel nella con per da al alla si questo quando ho ha ci avvisami avvisa
            dimmi notifica notificami ricordami porta casa aperta aperto apri chiudi accendi spegni cane gatto qualcuno nessuno prima dopo durante ore notte giorno se arriva monitora manda""",
        "nl": """de het een als en niet ik mij me mijn is zijn was voor met op in aan naar van bij tot sinds na om of ook wie wat wanneer waar hoe waarom er dat dit iemand niemand
            waarschuw meld laat weten stuur zeg deur huis open doe licht hond kat uur nacht dag zodra geen wordt heeft staat bewaak aankomt melding herinner zet uit""",
        "pt": """o a os as um uma se quando e não nao me meu minha é são que de do da dos das no na nos nas em com para por ao à você está estão avise avisa avise-me avisa-me
            notifique diga mande envie lembre porta casa aberta aberto abre abrir feche fechar ligue desligue cachorro cão gato alguém ninguém antes depois durante horas noite dia até desde tiver estiver chegar""",
    }.items()
}  # fmt: skip
_LETTERS = {"es": "ñ¿¡", "de": "ßäöü", "pt": "ãõ", "fr": "êèçœàù"}
_SCRIPTS: tuple[tuple[str, Tongue], ...] = (
    ("HIRAGANA", "ja"), ("KATAKANA", "ja"), ("HANGUL", "ko"), ("CYRILLIC", "ru"), ("CJK", "zh"),
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_NOT_READ: dict[str, str] = {
    "de": "Ich lese nur Englisch und Spanisch und habe daher keine Regel gemacht. Bitte sagen Sie es auf Englisch oder Spanisch.",
    "fr": "Je ne lis que l'anglais et l'espagnol, je n'ai donc créé aucune règle. Dites-le en anglais ou en espagnol, s'il vous plaît.",
    "it": "Leggo solo l'inglese e lo spagnolo, quindi non ho creato nessuna regola. Per favore, lo dica in inglese o in spagnolo.",
    "nl": "Ik lees alleen Engels en Spaans en heb dus geen regel gemaakt. Zeg het alstublieft in het Engels of Spaans.",
    "pt": "Só leio inglês e espanhol, por isso não criei nenhuma regra. Diga em inglês ou em espanhol, por favor.",
    "ru": "Я понимаю только английский и испанский, поэтому правило не создано. Пожалуйста, скажите это по-английски или по-испански.",
    "ja": "英語とスペイン語しか読めないため、ルールは作成していません。英語かスペイン語でお願いします。",
    "zh": "我只能读懂英语和西班牙语，因此没有创建规则。请用英语或西班牙语说。",
    "ko": "영어와 스페인어만 읽을 수 있어 규칙을 만들지 않았습니다. 영어나 스페인어로 말씀해 주세요.",
    "other": "I read English and Spanish only, so I made no rule. Solo leo inglés y español, así que no hice ninguna regla.",
}


def tongue_of(text: str, before: str = "") -> Tongue:
    """Return the language of a text: where nothing points to one, that of what was said `before`, else English."""
    script = _script(text)
    if script is not None:
        return script
    # A single plain letter is in too many languages: "y" is a yes before it is an "and".
    found = [word.lower() for word in _WORD.findall(unicodedata.normalize("NFC", text[:2000]))]
    words = [word for word in found if len(word) > 1 or not word.isascii()]
    scores = {tongue: _score(words, tongue, text.lower()) for tongue in _WORDS}
    best = max(scores, key=lambda tongue: (scores[tongue], tongue == "en", tongue == "es"))
    # One shared word ("no", "me") is no evidence; a name of one language inside a sentence of another is little.
    clear = scores[best] > scores["en"] and scores[best] >= 0.9
    if not clear and before and scores["en"] < 0.9:
        return tongue_of(before)
    return best if clear else "en"  # type: ignore[return-value]  # the keys of _WORDS are tongues


def _score(words: list[str], tongue: str, text: str) -> float:
    """Return how much points to a language: each word counts by how few languages have it."""
    shared = sum(1 / sum(word in known for known in _WORDS.values()) for word in words if word in _WORDS[tongue])
    return shared + 0.6 * sum(letter in text for letter in _LETTERS.get(tongue, ""))


def _script(text: str) -> Tongue | None:
    """Return the language of a text most of whose letters are of another script than Latin, or None."""
    letters = [letter for letter in text[:2000] if letter.isalpha()]
    foreign = [
        letter for letter in letters if ord(letter) > 0x24F and not unicodedata.name(letter, "").startswith("LATIN")
    ]
    if len(foreign) * 3 < len(letters) or not foreign:
        return None
    names = [unicodedata.name(letter, "") for letter in foreign]
    return next((tongue for script, tongue in _SCRIPTS if any(name.startswith(script) for name in names)), "other")


def not_read(tongue: Tongue) -> str:
    """Return, in a language that is not read here, that it is not."""
    return _NOT_READ[tongue]
