"""Nouns: how Spanish names what a home has, and how a name in words becomes the one that the home lists.

"La puerta izquierda del garaje" is a door, with "left" and "garage": whichever order and choice of words the home's
catalogue knows is taken ("left garage door"). What it does not know stays in plain English words, for the grammar to
judge as it judges English. A name that the home itself has in Spanish is found first, with or without its accents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from proactive.language.local.catalogue import Catalogue, without_articles
from proactive.language.local.spanish.word import ARTICLES, Word, fold, words_of
from proactive.language.local.token import stems

_ROWS = """
puerta=door,gate|puertas=doors|puerta principal=front door|puerta de entrada=front door|puerta de la calle=front door|puerta delantera=front door|puerta de enfrente=front door
puerta trasera=back door|puerta de atras=back door|puerta del fondo=back door|puerta lateral=side door|puerta de servicio=side door,back door|puerta del patio=back door,patio door
portal=front door|verja=gate,garden gate|reja=gate|cancela=gate|porton=gate,garage door,garage|portones=gates,garage doors|barrera=gate
garaje=garage|garage=garage|cochera=garage|garajes=garages|parqueadero=garage,driveway|aparcamiento=driveway,garage|estacionamiento=driveway,garage
ventana=window|ventanas=windows|ventanal=window|persiana=blinds,blind,shutters|persianas=blinds,blind,shutters|cortina=curtains,blinds|cortinas=curtains,blinds|estor=blinds|estores=blinds|toldo=awning
cerradura=lock|cerrojo=lock,deadbolt|candado=lock|llave=lock|timbre=doorbell|videoportero=doorbell|portero automatico=doorbell
luz=light,lights|luces=lights|lampara=lamp,light|lamparas=lamps,lights|foco=light|focos=lights|bombilla=light|bombillas=lights|farol=light|lamparita=light
nevera=fridge,refrigerator|heladera=fridge,refrigerator|refrigerador=fridge,refrigerator|refrigeradora=fridge|frigorifico=fridge|frigo=fridge|frigider=fridge
congelador=freezer|congeladora=freezer|freezer=freezer|arcon=freezer|horno=oven|cocina=kitchen,stove|estufa=stove,heater|fogon=stove|hornilla=stove|hornalla=stove|vitroceramica=stove|microondas=microwave|hervidor=kettle|tetera=kettle|pava=kettle|cafetera=coffee maker
lavadora=washing machine,washer|lavarropas=washing machine,washer|lavavajillas=dishwasher|lavaplatos=dishwasher|secadora=dryer|secarropas=dryer|colada=laundry|ropa=laundry
lavanderia=laundry room,laundry|lavadero=laundry room,laundry|termostato=thermostat|calefaccion=heating,thermostat,furnace|aire acondicionado=AC,air conditioner|aire=AC|caldera=boiler,furnace|ventilador=fan|calentador=heater
tele=TV|television=TV|televisor=TV|televisores=TVs|altavoz=speaker|parlante=speaker|computadora=computer,desktop pc|ordenador=computer,desktop pc
enchufe=plug,switch|interruptor=switch|bomba=pump|bomba de la piscina=pool pump|depuradora=pool pump|riego=irrigation|aspersores=sprinklers|valvula=valve
aspiradora=vacuum|aspirador=vacuum|robot aspirador=vacuum,robot vacuum|robot=vacuum|alarma=alarm|alarmas=alarms|sirena=siren|sensor=sensor|sensores=sensors|detector=detector
sensor de movimiento=motion sensor|detector de movimiento=motion detector|movimiento=motion|movimientos=motion|detector de humo=smoke detector|humo=smoke|fuga=leak|fuga de agua=leak|fugas=leaks|gotera=leak|perdida de agua=leak|sensor de agua=water sensor,leak sensor|sensor de fugas=leak sensor|sensor de inundacion=leak sensor|agua=water|inundacion=leak
temperatura=temperature|temperaturas=temperatures|humedad=humidity|co2=co2|dioxido de carbono=co2|nivel de co2=co2|glucosa=glucose,sugar|azucar=sugar,glucose,blood sugar|bateria=battery|carga=charge,battery|volumen=volume|viento=wind|velocidad del viento=wind,wind speed|consumo=consumption|potencia=power|electricidad=power,electricity|corriente=power|suministro electrico=power
telefono=phone|movil=phone|celular=phone|portatil=laptop|camara=camera|camaras=cameras|microfono=microphone|coche=car,vehicle|coches=cars|carro=car|carros=cars|auto=car|autos=cars|vehiculo=vehicle|vehiculos=vehicles|camion=truck|camiones=trucks|furgoneta=van|camioneta=truck,van|moto=motorcycle|motocicleta=motorcycle|bici=bicycle|bicicleta=bicycle|mochila=backpack|maleta=suitcase|bolsa=bag|bolsas=bags|bolso=bag
persona=person|personas=people|gente=people|hombre=man|mujer=woman|mi mujer=wife|chico=person|visita=visitor|visitas=visitors|visitante=visitor|desconocido=stranger|desconocida=stranger|desconocidos=strangers|extrano=stranger|extranos=strangers|extrana=stranger|intruso=stranger|intrusos=strangers|repartidor=delivery person|cartero=mail carrier|paquete=package|paquetes=packages
perro=dog|perra=dog|perros=dogs|perras=dogs|perrito=dog|perrita=dog|perritos=dogs|gato=cat|gata=cat|gatos=cats|gatas=cats|gatito=cat|gatita=cat|pajaro=bird|pajaros=birds|ave=bird|conejo=rabbit|caballo=horse|animal=animal|animales=animals|mascota=pet|mascotas=pets|cachorro=puppy|labrador=labrador|retriever=retriever|siames=siamese|siamesa=siamese|golden=golden retriever|boxer=boxer|atigrado=tabby|atigrada=tabby
esposa=wife|senora=wife|marido=husband|esposo=husband|pareja=partner|hijo=son|hija=daughter|hijos=kids,children|hijas=daughters|ninos=kids,children|nenes=kids|chicos=kids|chiquillos=kids|bebe=baby|nino=little one,kid,baby|nina=little one,kid|pequeno=little one|pequena=little one|nene=baby,little one|nena=little one|peque=little one|mama=mom|papa=dad|madre=mom|padre=dad|ninera=nanny|canguro=babysitter,nanny|abuela=grandma|abuelo=grandpa|familia=family
sala=living room,salon|salon=salon,living room|sala de estar=living room|living=living room|comedor=dining room|dormitorio=bedroom|habitacion=bedroom,room|cuarto=room,bedroom|cuarto del bebe=nursery|habitacion del bebe=nursery|recamara=bedroom|pieza=bedroom|alcoba=bedroom|bano=bathroom|oficina=office|despacho=office|estudio=office,study|pasillo=hallway,hall|corredor=hallway|recibidor=hall,hallway,entrance|vestibulo=hall,hallway|zaguan=hallway
sotano=basement,cellar|bodega=cellar,basement|trastero=storage room,closet|atico=attic|desvan=attic|armario=closet|placard=closet|ropero=closet|escalera=stairs|escaleras=stairs|terraza=deck,terrace|balcon=balcony|galeria=porch,deck
jardin=garden,backyard,yard|jardin trasero=backyard|patio=backyard,yard,garden|patio trasero=backyard|patio de atras=backyard|fondo=backyard|cesped=lawn|pasto=lawn|porche=porch|portico=porch|entrada=driveway,entrance,front door|entrada de coches=driveway|entrada del garaje=driveway|entrada de autos=driveway|camino de entrada=driveway|rampa=driveway|acera=sidewalk|vereda=sidewalk|banqueta=sidewalk|calle=street|buzon=mailbox|felpudo=entry mat|alfombra de entrada=entry mat|valla=fence line,fence|cerca=fence line,fence|muro=wall|tapia=wall|piscina=pool|pileta=pool|alberca=pool|granero=barn|establo=barn,stable|gallinero=coop|cobertizo=shed|taller=workshop|exterior=outdoor,outside|interior=interior,indoor
sofa=couch,sofa|sillon=couch,armchair|cama=bed|cuna=crib|mesa=table|mesita de noche=nightstand|mesita=nightstand|mesilla=nightstand|escritorio=desk|encimera=counter|mesada=counter|mostrador=counter|chimenea=fireplace|credenza=credenza|aparador=credenza
comedero=food bowls,food bowl,bowl,feeder|comederos=food bowls,bowls|plato=bowl,food bowls|cuenco=bowl,food bowls|tazon=bowl,food bowls|bol=bowl,food bowls|platos=bowls,food bowls|plato de comida=food bowls,bowl,food bowl|tazon de comida=food bowls,bowl|cuenco de comida=food bowls,bowl|bebedero=water bowl|dispensador=feeder|dispensador de comida=food dispenser,feeder|alimentador=feeder|comida=food|pienso=dog food,food|croquetas=kibble
bote=bin|cubo=bin|contenedor=container,bin|bote de comida=food bin|cubo del pienso=dog food bin|contenedor del pienso=dog food bin|contenedor de comida=food container,food bin|bote del pienso=dog food bin
regla=rule|reglas=rules|recordatorio=reminder|recordatorios=reminders|desayuno=breakfast|almuerzo=lunch|cena=dinner|merienda=snack|modo vacaciones=vacation mode|casa=house,home|hogar=home|lluvia=rain|sol=sun|planta baja=main floor|piso=floor|puerto=port|red=grid|vecino=neighbor|vecina=neighbor|vecinos=neighbors|portero=doorbell|valvulas=valves|tanque=tank|estanque=pond|invernadero=greenhouse|acuario=aquarium|pecera=aquarium
"""
_ADJECTIVES_ROWS = """
izquierdo,izquierda,izquierdos,izquierdas=left|derecho,derecha,derechos,derechas=right|principal,principales=main,front|delantero,delantera,delanteros,delanteras=front|frontal=front|trasero,trasera,traseros,traseras=back,rear|lateral=side
exterior,exteriores=exterior,outdoor,outside|interior,interiores=interior,indoor|negro,negra=black|blanco,blanca=white|gris=grey,gray|marron,cafe=brown|dorado,dorada=golden|atigrado,atigrada=tabby|crema=cream|grande=big|pequeno,pequena=small|rojo,roja=red|azul=blue|naranja=orange
"""


def _rows(text: str) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for row in text.replace("\n", "|").split("|"):
        said, _, english = row.partition("=")
        for one in said.split(",") if english else ():
            table[one] = (*table.get(one, ()), *english.split(","))
    return table


NOUNS = _rows(_ROWS)
ADJECTIVES = _rows(_ADJECTIVES_ROWS)
_LONGEST = max(len(noun.split()) for noun in NOUNS)
_FIRST = frozenset(noun.split()[0] for noun in NOUNS)
_MOST = 240  # combinations of words tried for one name
LIVING = frozenset(
    "person dog cat animal pet bird puppy wife husband son daughter kid kids baby mom dad nanny children stranger people".split()
)
_SEEN = frozenset("car vehicle truck van motorcycle bicycle dog cat bird animal person people".split())
_LINKS = frozenset(("de", "del"))
_OF_PLACE = frozenset(("en", "junto", "al", "a"))


@dataclass(frozen=True, slots=True)
class Name:
    """A name carried over: its English words, whether the home's catalogue knows them, and where it ends."""

    english: str
    end: int
    known: bool = False
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """What a home's catalogue knows, by its words without accents and articles."""

    keys: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, catalogue: Catalogue) -> Names:
        """Return the names of a catalogue, made once for each; the first of two that differ by an accent wins."""
        kept = _made.get(id(catalogue))
        if kept is None or kept[0] is not catalogue:
            if len(_made) >= 64:
                _made.clear()
            kept = _made[id(catalogue)] = (catalogue, cls._make(catalogue))
        return kept[1]

    @classmethod
    def _make(cls, catalogue: Catalogue) -> Names:
        keys: dict[str, str] = {}
        for phrase in catalogue.phrases:
            keys.setdefault(_bare(phrase), phrase)
        for phrase in catalogue.phrases:
            for other in _in_other_words(phrase):
                keys.setdefault(_bare(without_articles(stems(other))), phrase)
        return cls(keys)

    def find(self, phrase: str) -> str | None:
        """Return how the catalogue writes a phrase in English or Spanish words, or None."""
        return self.keys.get(_bare(without_articles(stems(phrase))))

    def said(self, phrase: str) -> str | None:
        """Return a phrase as the catalogue knows it: in its own words, else in those of the home, else None."""
        found = self.find(phrase)
        return phrase if found == without_articles(stems(phrase)) else found


_made: dict[int, tuple[Catalogue, Names]] = {}  # catalogues are not hashable, so they are kept alive by what they gave


def _bare(stemmed: str) -> str:
    words = [word for word in fold(stemmed).split() if word not in ARTICLES]
    return " ".join(words)


def _in_other_words(phrase: str) -> Iterator[str]:
    """Yield a Spanish name as it would be said in other words: "nevera" is the fridge, which is "heladera" too.

    A camera and the temperature of a place are called by the place alone, as they are in English: "el congelador pasa de cero".
    """
    words = words_of(phrase) if fold(phrase).split()[0] in _FIRST else []
    head = _noun(words, 0) if words else None
    if head is None:
        return
    parts, ends = _modifiers(words, head[1], Names())
    if ends[-1] == len(words):
        for other in islice(_orders(head[0], parts), _MOST):
            yield other
            for kind in (" camera", " temperature"):
                if other.endswith(kind):
                    yield other.removesuffix(kind)


def name_at(words: Sequence[Word], at: int, names: Names, *, indefinite: bool = False) -> Name | None:
    """Return the longest name at a position: one that the home has, else plain English for the nouns there, or None.

    An `indefinite` kind of thing is nobody's name: "un coche" is any car, even where the home calls its own "el coche".
    """
    if indefinite and (head := _noun(words, at)) is not None and set(head[0]) & _SEEN:
        return _noun_phrase(words, at, Names())
    literal = _literal(words, at, names)
    parsed = _noun_phrase(words, at, names)
    if parsed is not None and (literal is None or parsed.end > literal.end) and (parsed.known or literal is None):
        return parsed
    return literal


def _literal(words: Sequence[Word], at: int, names: Names) -> Name | None:
    if words[at].fold in ARTICLES or words[at].fold in _COMMON:
        return None
    for end in range(min(len(words), at + 7), at, -1):
        if words[end - 1].fold in _NO_END:
            continue
        said = " ".join(word.text for word in words[at:end])
        found = names.find(said)
        if found is not None:
            return Name(_cased(said, found, words[at:end]), end, known=True, literal=True)
    return None


_NO_END = ARTICLES | {"a", "an", "the", "y", "o"}
_COMMON = frozenset("me te se no si a en y o de main home front local mi tu su".split())


def _cased(said: str, found: str, words: Sequence[Word]) -> str:
    """Return the words as they were written where the catalogue knows them so, with their plural; else its own."""
    return " ".join(word.raw for word in words) if without_articles(stems(said)) == found else found


def _noun_phrase(words: Sequence[Word], at: int, names: Names) -> Name | None:
    head = _noun(words, at)
    if head is None:
        return None
    parts, ends = _modifiers(words, head[1], names)
    for count in range(len(parts), -1, -1):
        for text in islice(_orders(head[0], parts[:count]), _MOST):
            if (said := names.said(text)) is not None:
                return Name(said, ends[count], known=True)
    return Name(next(_orders(head[0], parts)), ends[-1])


def _noun(words: Sequence[Word], at: int) -> tuple[tuple[str, ...], int] | None:
    for size in range(min(_LONGEST, len(words) - at), 0, -1):
        said = " ".join(word.fold for word in words[at : at + size])
        if said in NOUNS:
            return NOUNS[said], at + size
    return None


Part = tuple[str, tuple[str, ...]]  # "before" the head as an adjective, or "of" it


def _modifiers(words: Sequence[Word], at: int, names: Names) -> tuple[list[Part], list[int]]:
    """Return the adjectives and complements after a noun, and where the name ends after each number of them."""
    parts: list[Part] = []
    ends = [at]
    while at < len(words) and len(parts) < 4:
        if words[at].fold in ADJECTIVES:
            parts.append(("before", ADJECTIVES[words[at].fold]))
            at += 1
        elif words[at].fold in _LINKS and (found := _complement(words, at + 1, names)) is not None:
            parts.append(("of", found[0]))
            at = found[1]
        else:
            break
        ends.append(at)
    return parts, ends


def _complement(words: Sequence[Word], at: int, names: Names) -> tuple[tuple[str, ...], int] | None:
    at += at < len(words) and words[at].fold in ARTICLES
    if at >= len(words):
        return None
    if words[at].fold in ADJECTIVES and _noun(words, at) is None:
        return ADJECTIVES[words[at].fold], at + 1
    noun = _noun(words, at)
    literal = _literal(words, at, names)
    if literal is not None and (noun is None or literal.end >= noun[1]):
        spoken = " ".join(word.text for word in words[at : literal.end])
        return tuple(
            dict.fromkeys(
                (literal.english, names.find(spoken) or spoken, *(noun[0] if noun and noun[1] == literal.end else ()))
            )
        ), literal.end
    if noun is not None:
        return (*noun[0], " ".join(word.text for word in words[at : noun[1]])), noun[1]
    if words[at].raw[:1].isupper():
        return (words[at].raw,), at + 1
    return None


def _orders(head: tuple[str, ...], parts: Sequence[Part]) -> Iterator[str]:
    """Yield the ways to say a noun with its adjectives and complements in English, the plainest first."""
    for noun, *chosen in product(head, *(part[1] for part in parts)):
        kinds = [part[0] for part in parts]
        before = [word for kind, word in zip(kinds, chosen, strict=True) if kind == "before"]
        of = [word for kind, word in zip(kinds, chosen, strict=True) if kind == "of"][::-1]
        yield " ".join((*before, *of, noun))
        if parts:
            yield " ".join((*of, *before, noun))
            yield " ".join((*of, noun, *before))
            yield " ".join((*(f"{word}'s" for word in of), *before, noun))
        if len(of) == 1:
            yield " ".join((*before, noun, "of", *of))
