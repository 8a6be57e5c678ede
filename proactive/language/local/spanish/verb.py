"""Verbs: every form of the verbs that people use about a home, conjugated from tables, with its tense and person.

The subjunctive counts as the present ("cuando se abra", "si abriera"), since only what is said matters here and not how
sure it is; "tú", "vos" and "usted" count alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from proactive.language.local.spanish.word import fold

Tense = Literal["present", "past", "imperfect", "future", "participle", "gerund", "infinitive"]


@dataclass(frozen=True, slots=True)
class Form:
    """One reading of a verb's form: its infinitive, tense and person; `order` where it may be an imperative.

    `me` is the pronoun that hangs on it: "avísame" has "me", "apágala" has "la".
    """

    lemma: str
    tense: Tense
    person: Literal["1", "2", "3", ""] = ""
    plural: bool = False
    order: bool = False
    clitics: tuple[str, ...] = ()


# Infinitives; a colon names the vowel change of the stressed stem.
_REGULAR = """
    activar alarmar andar alcanzar alertar alimentar almorzar:o>ue acercar acostar:o>ue apagar aparcar aparecer acabar arrancar armar atascar avisar
    atrancar arreglar bajar bloquear cambiar cargar cenar cerrar:e>ie comenzar:e>ie comer comunicar conectar configurar contar:o>ue correr cortar
    cruzar crear dejar desactivar desarmar desayunar desbloquear desconectar descender:e>ie despertar:e>ie detectar disparar dormir:o>ue
    echar empezar:e>ie encender:e>ie enchufar desenchufar entrar enviar escapar estacionar estropear exceder escribir escuchar
    fallar finalizar funcionar gotear gritar gustar informar inundar iniciar ladrar levantar limpiar llamar llegar llevar llorar llover:o>ue mandar
    marchar meter mirar mojar monitorear mostrar:o>ue mover:o>ue necesitar notificar olvidar parar pasar permanecer pitar poder:o>ue
    prender quedar querer:e>ie quitar recordar:o>ue regresar reiniciar repetir:e>i resonar:o>ue romper saltar salir sacar secar seguir:e>i
    sentar:e>ie silbar sobrepasar sonar:o>ue subir superar tapar terminar tocar trabar tirar vaciar vigilar visitar volver:o>ue
    ver beber tomar lavar regar:e>ie anochecer amanecer oscurecer aumentar disminuir crecer caer rondar merodear
    aullar maullar programar bañar jugar:u>ue usar haber estar ser ir venir tener hacer decir dar poner saber abrir
    borrar eliminar reanudar reactivar silenciar suspender listar modificar pausar cancelar detener grabar llenar reproducir
    intentar descargar gruñir tumbar abandonar trepar asomar faltar pulsar presionar atravesar:e>ie extraviar ausentar
    """.split()
_IRREGULAR: dict[str, dict[str, str]] = {  # tense -> forms of yo, tú, vos, él, nosotros, ellos, as far as they are irregular
    "estar": {
        "present": "estoy estas estas esta estamos estan este estes esten estemos estuviera estuviese estuviesen estuvieran",
        "past": "estuve estuviste estuviste estuvo estuvimos estuvieron",
    },
    "ser": {
        "present": "soy eres sos es somos son sea seas sean seamos fuera fuese fueran", "past": "fui fuiste fuiste fue fuimos fueron",
        "imperfect": "era eras eran", "participle": "sido", "gerund": "siendo",
    },
    "ir": {
        "present": "voy vas vas va vamos van vaya vayas vayan vayamos", "past": "fui fuiste fuiste fue fuimos fueron",
        "imperfect": "iba ibas iban", "participle": "ido", "gerund": "yendo",
    },
    "haber": {
        "present": "he has has ha hemos han hay haya hayas hayan hayamos hubiera hubiese hubieran", "past": "hubo hubieron",
        "imperfect": "habia habias habian",
    },
    "venir": {"present": "vengo vienes venis viene venimos vienen venga vengas vengan viniera ven", "past": "vine viniste viniste vino vinimos vinieron", "gerund": "viniendo"},
    "tener": {"present": "tengo tienes tenes tiene tenemos tienen tenga tengas tengan tuviera", "past": "tuve tuviste tuviste tuvo tuvimos tuvieron"},
    "hacer": {"present": "hago haces haces hace hacemos hacen haga hagas hagan hiciera haz", "past": "hice hiciste hiciste hizo hicimos hicieron", "participle": "hecho"},
    "decir": {"present": "digo dices decis dice decimos dicen diga digas digan digamos di deci", "past": "dije dijiste dijiste dijo dijimos dijeron", "participle": "dicho", "gerund": "diciendo"},
    "dar": {"present": "doy das das da damos dan de des den diera", "past": "di diste diste dio dimos dieron"},
    "poner": {"present": "pongo pones pones pone ponemos ponen ponga pongas pongan pusiera pon", "past": "puse pusiste pusiste puso pusimos pusieron", "participle": "puesto"},
    "ver": {"present": "veo ves ves ve vemos ven vea veas vean viera", "past": "vi viste viste vio vimos vieron", "participle": "visto", "gerund": "viendo"},
    "saber": {"present": "se sabes sabe saben sepa sepas sepan", "past": "supe supo"},
    "poder": {"past": "pude pudiste pudiste pudo pudimos pudieron", "gerund": "pudiendo", "imperfect": "podria podrias podrian"},
    "querer": {"past": "quise quisiste quisiste quiso quisimos quisieron", "imperfect": "quisiera quisieras querria"},
    "salir": {"present": "salgo sales salis sale salimos salen salga salgas salgan saliera sal"},
    "caer": {"present": "caigo caes caes cae caemos caen caiga caigan cayera", "past": "cai caiste caiste cayo caimos cayeron", "participle": "caido", "gerund": "cayendo"},
    "abrir": {"participle": "abierto"}, "volver": {"participle": "vuelto"}, "romper": {"participle": "roto"}, "escribir": {"participle": "escrito"},
    "seguir": {"past": "segui seguiste seguiste siguio seguimos siguieron", "gerund": "siguiendo"},
    "repetir": {"past": "repeti repetiste repetiste repitio repetimos repitieron", "gerund": "repitiendo"},
    "dormir": {"past": "dormi dormiste dormiste durmio dormimos durmieron", "gerund": "durmiendo"},
    "disminuir": {"present": "disminuye disminuyen disminuya disminuyan", "past": "disminuyo", "gerund": "disminuyendo"},
    "detener": {"present": "detengo detienes detenes detiene detenemos detienen detenga detengas detengan deten", "past": "detuve detuvo detuvieron"},
}  # fmt: skip
_ENDINGS: dict[str, dict[Tense, tuple[str, ...]]] = {  # in the order of _PERSONS, then the rest without one
    "ar": {
        "past": ("é", "aste", "aste", "ó", "amos", "aron"), "imperfect": ("aba", "abas", "abas", "aba", "abamos", "aban"),
        "participle": ("ado",), "gerund": ("ando",),
    },
    "er": {
        "past": ("i", "iste", "iste", "io", "imos", "ieron"), "imperfect": ("ia", "ias", "ias", "ia", "iamos", "ian"),
        "participle": ("ido",), "gerund": ("iendo",),
    },
}  # fmt: skip
_ENDINGS["ir"] = _ENDINGS["er"]
_PERSONS: tuple[tuple[Literal["1", "2", "3"], bool], ...] = (
    ("1", False), ("2", False), ("2", False), ("3", False), ("1", True), ("3", True),
)  # fmt: skip
_SOFT = {"c": "qu", "g": "gu", "z": "c"}  # before e: "tocar", "toque"; "llegar", "llegue"; "alcanzar", "alcance"
CLITICS = ("me", "te", "se", "nos", "le", "les", "lo", "la", "los", "las", "os")


@lru_cache(maxsize=1)
def _forms() -> dict[str, tuple[Form, ...]]:
    table: dict[str, list[Form]] = {}
    for entry in _REGULAR:
        lemma, _, change = entry.partition(":")
        for text, form in _conjugate(fold(lemma), change):
            known = table.setdefault(fold(text), [])
            if form not in known:
                known.append(form)
    return {text: tuple(forms) for text, forms in table.items()}


def _conjugate(lemma: str, change: str) -> list[tuple[str, Form]]:
    stem, ending = lemma[:-2], lemma[-2:]
    strong = _stressed(stem, change)
    irregular = _IRREGULAR.get(lemma, {})
    found = [(lemma, Form(lemma, "infinitive"))]
    for tense, text in irregular.items():
        found += [(word, Form(lemma, tense, *_whose(word, tense))) for word in text.split()]  # type: ignore[arg-type]  # keys are tenses
    if "present" not in irregular:
        found += _present(lemma, stem, strong, ending)
    for tense, endings in _ENDINGS[ending].items():
        if tense not in irregular:
            found += _with_endings(lemma, stem, ending, tense, endings)
    if lemma not in ("haber", "ser", "ir"):
        found += [(f"{lemma}{tail}", Form(lemma, "future", "3")) for tail in ("a", "an", "as", "e", "emos")]
        found += [(f"{lemma}{tail}", Form(lemma, "imperfect", "3")) for tail in ("ia", "ias", "ian")]
    return found


def _stressed(stem: str, change: str) -> str:
    old, _, new = change.partition(">")
    if not old:
        return stem
    at = stem.rfind(old)
    return f"{stem[:at]}{new}{stem[at + 1 :]}"


def _present(lemma: str, stem: str, strong: str, ending: str) -> list[tuple[str, Form]]:
    """Return the indicative, subjunctive and imperative of a regular present."""
    vowel = "a" if ending == "ar" else "e"
    other = "e" if ending == "ar" else "a"
    first = f"{strong[:-1]}zco" if lemma.endswith("cer") and lemma != "hacer" else f"{_hard(strong)}o"
    vos, we = ("a", "amos") if ending == "ar" else ("e", "emos") if ending == "er" else ("i", "imos")
    base = first[:-1] if first.endswith("zco") else (_before_e(strong) if ending == "ar" else _hard(strong))
    weak = first[:-1] if first.endswith("zco") else (_before_e(stem) if ending == "ar" else _hard(stem))
    rows: list[tuple[str, Literal["1", "2", "3"], bool, bool]] = [
        (first, "1", False, False), (f"{strong}{vowel}s", "2", False, False), (f"{stem}{vos}s", "2", False, False),
        (f"{strong}{vowel}", "3", False, True), (f"{stem}{vos}", "2", False, True), (f"{stem}{we}", "1", True, False),
        (f"{strong}{vowel}n", "3", True, False), (f"{base}{other}", "3", False, True), (f"{base}{other}s", "2", False, False),
        (f"{base}{other}n", "3", True, True), (f"{weak}{other}mos", "1", True, False), (f"{weak}{other}", "3", False, True),
        (f"{weak}{other}s", "2", False, False), (f"{weak}{other}n", "3", True, True),
    ]  # fmt: skip
    past = ("ara", "aran", "ase") if ending == "ar" else ("iera", "ieran", "iese")
    found = [(text, Form(lemma, "present", who, many, order)) for text, who, many, order in rows]
    return found + [(f"{stem}{tail}", Form(lemma, "present", "3")) for tail in past]


def _hard(stem: str) -> str:
    return f"{stem[:-2]}g" if stem.endswith("gu") else stem  # "seguir", "siga"


def _before_e(stem: str) -> str:
    return stem[:-1] + _SOFT[stem[-1]] if stem[-1:] in _SOFT else stem


def _with_endings(lemma: str, stem: str, ending: str, tense: Tense, endings: tuple[str, ...]) -> list[tuple[str, Form]]:
    if len(endings) == 1:
        return [(f"{stem}{endings[0]}", Form(lemma, tense))]
    rows = []
    for (who, many), tail in zip(_PERSONS, endings, strict=True):
        root = _before_e(stem) if ending == "ar" and fold(tail) == "e" else stem
        rows.append((f"{root}{tail}", Form(lemma, tense, who, many)))
    return rows


def _whose(word: str, tense: str) -> tuple[Literal["1", "2", "3", ""], bool]:
    if tense in ("participle", "gerund"):
        return "", False
    if word.endswith("mos"):
        return "1", True
    if word in ("soy", "voy", "estoy", "he", "doy", "veo") or (word.endswith("go") and tense == "present"):
        return "1", False
    if word.endswith("s") and word != "es":
        return "2", False
    return "3", word.endswith("n") and word not in ("pon", "ven")


def forms_of(word: str) -> tuple[Form, ...]:
    """Return the readings of a folded word as a verb, with the pronouns that hang on it taken off."""
    table = _forms()
    found = list(table.get(word, ()))
    if word[-1:] == "s" or word[-1:] == "a":
        stem = word.rstrip("s")[:-1] if word.rstrip("s")[-1:] in ("o", "a") else ""
        found += [form for form in table.get(f"{stem}o", ()) if form.tense == "participle"]
    return tuple(found) or _with_clitics(word)


def _with_clitics(word: str, depth: int = 2) -> tuple[Form, ...]:
    for clitic in CLITICS if depth else ():
        host = word.removesuffix(clitic)
        if host == word or len(host) < 2:
            continue
        forms = [
            f
            for f in _forms().get(host, ())
            if f.order or f.tense in ("infinitive", "gerund") or host in ("di", "pon", "haz", "ven", "da", "sal")
        ]
        if forms:
            return tuple(
                Form(f.lemma, f.tense, f.person, f.plural, f.order or f.person == "3", (*f.clitics, clitic))
                for f in forms
            )
        if deeper := _with_clitics(host, depth - 1):
            return tuple(Form(f.lemma, f.tense, f.person, f.plural, f.order, (*f.clitics, clitic)) for f in deeper)
    return ()
