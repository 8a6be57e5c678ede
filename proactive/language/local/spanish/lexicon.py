"""The words of Spanish that are neither names, times nor verbs' forms, with what they are carried over to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["mark", "join", "who", "state", "compare", "prep", "word", "drop", "not", "determiner"]


def _table(rows: dict[str, str]) -> dict[str, str]:
    return {one: english for said, english in rows.items() for one in said.split("|")}


MARKS = _table({
    "si|en caso de que|por si|siempre y cuando": "if", "cuando|siempre que|cuando sea que": "when", "en cuanto|tan pronto como|apenas|nada mas": "as soon as",
    "cada vez que|todas las veces que|cuantas veces": "every time", "a menos que|a no ser que|salvo que|salvo si|excepto si|excepto cuando|salvo cuando|menos cuando|menos si": "unless",
    "pero no si|pero no cuando": "but not if", "mientras|mientras que|en tanto": "while", "hasta que": "until", "despues de que|una vez que|luego de que": "after",
    "solo si|solamente si|unicamente si": "only if", "solo cuando|solamente cuando|unicamente cuando": "only when", "la proxima vez que": "the next time", "para cuando|antes de que": "by the time",
    "en el momento en que|en el instante en que": "the moment",
})  # fmt: skip
JOINS = _table({
    "y|e": "and", "o|u": "or", "y luego|y despues|y entonces|y mas tarde|luego": "and then", "pero": "but", "pero no": "but not", "salvo|excepto|menos|aparte de": "except",
    "y ademas|y tambien|ademas": "and also",
})  # fmt: skip
_KINDS = (
    ("perro", "dog", "un"),
    ("perra", "dog", "una"),
    ("gato", "cat", "un"),
    ("gata", "cat", "una"),
    ("animal", "animal", "un"),
)
_STRANGE = (
    "desconocido", "desconocida", "extrano", "extrana", "ajeno", "ajena", "que no conozco", "que no conocemos", "que no es nuestro", "que no es nuestra",
    "que no es de casa", "callejero", "callejera",
)  # fmt: skip
WHO = _table({
    "nadie|ninguna persona|ningun miembro de la familia": "nobody", "alguien|alguna persona|cualquiera|cualquier persona": "someone",
    "todos|todo el mundo|todas|toda la familia": "everyone", "yo": "I", "nosotros|nosotras": "we", "un desconocido|una desconocida|un extrano|una extrana|alguien desconocido|alguien que no conozco|alguien que no conocemos|una persona desconocida|un intruso": "a stranger",
    "desconocidos|extranos|intrusos|gente desconocida": "strangers",
    **{f"{one} {kind} {how}": f"a strange {english}" for kind, english, one in _KINDS for how in _STRANGE},
})  # fmt: skip
STATES = _table({
    "abierto": "open", "entreabierto": "ajar", "cerrado": "closed", "encendido|prendido|puesto": "on", "apagado": "off", "bloqueado|trabado": "locked",
    "cerrado con llave|cerrado con cerrojo|con llave|con el cerrojo echado|con la llave echada|echado": "locked",
    "desbloqueado|sin llave|sin cerrar con llave|abierto sin llave|sin echar la llave|sin el cerrojo": "unlocked", "enchufado": "plugged in", "conectado": "plugged in",
    "desenchufado|desconectado|sin enchufar|sin conectar": "unplugged", "atascado|trabado en": "stuck", "mojado|humedo": "wet", "seco": "dry", "armado": "armed", "desarmado": "disarmed",
    "inundado": "flooded", "oscuro|de noche cerrada": "dark", "en marcha|funcionando|en funcionamiento|andando|corriendo": "running", "terminado|listo|acabado|finalizado": "finished",
    "limpiando": "cleaning", "cargando": "charging", "acostado|tumbado|echado en|echado sobre": "lying", "sentado": "sitting", "junto": "together", "sin compania": "alone", "rondando|merodeando": "loitering", "olvidado|abandonado": "left behind", "parado|de pie|esperando": "standing",
    "en casa|en la casa|dentro de casa|dentro de la casa|adentro de casa": "home", "fuera de casa|fuera de la casa|fuera|afuera|ausente": "away",
    "sin cerrar": "not closed", "sin apagar|sin desconectar": "not off", "sin encender": "not on", "sin terminar": "not finished", "acoplado|en la base|en su base": "docked", "a la vista|visible": "in view",
    "presente": "present", "alimentado": "fed",
})  # fmt: skip
EXTREMES = _table({
    "demasiado alto|muy alto|altisimo": "too high", "demasiado bajo|muy bajo|bajisimo": "too low", "demasiado caliente|muy caliente|demasiado calor|mucho calor": "too hot",
    "demasiado frio|muy frio|mucho frio": "too cold",
})  # fmt: skip
COMPARES = _table({
    "por encima de|por encima del|por arriba de|superior a|mayor que|mayor a|mayor de|arriba de|sobre los|encima de|a mas de|mas alto que|mas alta que|mas caliente que": "above",
    "por debajo de|por debajo del|inferior a|menor que|menor a|menor de|abajo de|bajo los|debajo de|a menos de|mas bajo que|mas baja que|mas frio que": "below",
    "mas de|mas que": "more than", "menos de|menos que": "less than", "al menos|por lo menos|como minimo": "at least",
})  # fmt: skip
PREPS = _table({
    "en": "in", "dentro de|dentro del|adentro de": "inside", "cerca de|cerca del|junto a|junto al|al lado de|al lado del": "near", "delante de|delante del|frente a|frente al|enfrente de": "at",
    "por": "at", "sobre|encima de|encima del|arriba de": "on", "con": "with", "sin": "without", "a|al": "to", "hacia": "to", "de|del": "of", "para": "for", "desde": "from", "entre": "between", "fuera de": "out of",
})  # fmt: skip
QUANTIFIERS = _table({
    "todas las|todos los": "all the", "alguna|algun|alguno": "any", "cualquier|cualquiera de|alguno de|alguna de": "any of", "una de|uno de": "one of", "las dos|los dos|ambas|ambos": "both",
    "ninguna|ningun|ninguno": "no", "ninguno de|ninguna de": "none of", "cada": "each", "algunas|algunos": "some",
})  # fmt: skip
NEGATIONS = _table({
    "no": "not", "nunca|jamas": "never", "ya no": "no longer", "todavia no|aun no": "not", "tampoco": "not", "ni": "nor",
})  # fmt: skip
DETERMINERS = _table({
    "el|la|los|las|lo": "the", "un|una|unos|unas": "a", "mi|mis": "my", "tu|tus": "your", "su|sus": "their", "nuestro|nuestra|nuestros|nuestras": "our",
    "este|ese|estos|esos|estas|esas|esa": "this",
})  # fmt: skip
# Words that add nothing: politeness, emphasis, what is sent.
DROPPED = frozenset(
    """por favor|porfa|porfavor|please|aun|todavia|ya|aqui|tambien|oye|hola|gracias|entonces|a mi|a nosotros|me|te|se|le|les|nos|lo|eh|bueno|pues|inmediatamente
    enseguida|en seguida|de inmediato|al momento|al instante|ahora mismo|automaticamente|al movil|al telefono|al celular|en el movil|en el telefono|por mensaje|por telegram|por whatsapp|en mi telefono|a mi telefono
    los detalles|con los detalles|mas tarde|asistente|que|cosa|actualmente|realmente|incluso|hasta mi telefono|para que sepa|para que lo sepa|de casa|de la casa|de mi casa|de nuestra casa|grados de temperatura|ningun tipo de
    en la imagen|¡|¿|alexa|exactamente|nada|nada de nada|por ahi|alguna vez|mismo|solito|solo
    """.replace("\n", "|").replace("    ", "").split("|")
) - {""}  # fmt: skip
REPEATED = _table({"otra vez|de nuevo|nuevamente": "again"})
PRONOUNS = _table({"ella": "she", "ellos|ellas": "they", "esto|eso|ello": "it"})
UNITS = _table({
    "grado|grados|º|°": "degrees", "grados centigrados|grados celsius|centigrados|celsius|grados c|c": "degrees celsius", "grados fahrenheit|fahrenheit|grados f|f": "degrees fahrenheit",
    "%|por ciento|porciento": "%", "ppm|partes por millon": "ppm", "mg/dl|mg / dl|mg": "mg", "mm": "mm", "vatios|watts|watios|w": "watts",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb in English: third person, participle, gerund and base. `drops` where a preposition after it is part of it."""

    does: str
    done: str
    doing: str
    do: str
    drops: bool = False


def _deeds(text: str) -> dict[str, Deed]:
    found = {}
    for row in text.split("\n"):
        if row.strip():
            said, english = row.strip().split("=")
            does, done, doing, do = (part.strip() for part in english.lstrip("*").split(","))
            for one in said.split("|"):
                found[one.strip()] = Deed(does, done, doing, do, english.startswith("*"))
    return found


DEEDS = _deeds("""
abrir=opens,opened,opening,open
cerrar=closes,closed,closing,close
cerrar con llave|bloquear|trabar=locks,locked,locking,lock
desbloquear=unlocks,unlocked,unlocking,unlock
encender|prender|conectar luz=turns on,turned on,turning on,turn on
apagar=turns off,turned off,turning off,turn off
activar=is triggered,triggered,triggered,trigger
terminar|acabar|finalizar=finishes,finished,finishing,finish
empezar|comenzar|arrancar|iniciar=starts,started,starting,start
parar=stops,stopped,stopping,stop
sonar|tocar|llamar|pulsar|presionar=rings,rung,ringing,ring
disparar|saltar alarma=goes off,went off,going off,go off
llorar=cries,cried,crying,cry
ladrar|aullar=barks,barked,barking,bark
silbar|pitar=whistles,whistled,whistling,whistle
mover=moves,moved,moving,move
inundar=floods,flooded,flooding,flood
gotear=leaks,leaked,leaking,leak
mojar=gets wet,got wet,getting wet,get wet
atascar|trabar en=gets stuck,got stuck,getting stuck,get stuck
enchufar|conectar=is plugged in,plugged in,plugging in,plug in
desenchufar|desconectar=is unplugged,unplugged,unplugging,unplug
cargar=charges,charged,charging,charge
armar=is armed,armed,arming,arm
desarmar|desactivar=is disarmed,disarmed,disarming,disarm
comer=eats,eaten,eating,eat
desayunar=eats breakfast,eaten breakfast,eating breakfast,eat breakfast
almorzar=eats lunch,eaten lunch,eating lunch,eat lunch
cenar=eats dinner,eaten dinner,eating dinner,eat dinner
alimentar|dar de comer=is fed,been fed,being fed,be fed
llegar casa|volver casa|regresar casa|venir casa|entrar casa|ir casa|volver|regresar=comes home,come home,coming home,come home
salir casa|ir de casa|marchar|ausentar|ir se=leaves,left,leaving,leave
salir|escapar|ir de=*leaves,left,leaving,leave
llegar|venir|aparecer|asomar=arrives,arrived,arriving,arrive
llegar a|venir a|entrar a=*comes to,come to,coming to,come to
entrar|meter|colar=*enters,entered,entering,enter
entrar solo=comes in,come in,coming in,come in
acercar=*comes near,come near,coming near,come near
subir a|saltar|trepar=*gets on,got on,getting on,get on
ir a|salir a|bajar a=*goes to,gone to,going to,go to
pasar|cruzar|atravesar=*is at,been at,being at,be at
rondar|merodear=loiters,loitered,loitering,loiter
beber|beber de=drinks,drunk,drinking,drink
correr=runs,run,running,run
abandonar=leaves behind,left behind,leaving behind,leave behind
haber|estar|encontrar=is,been,being,be
ser=is,been,being,be
ver|detectar=is seen,been seen,being seen,be seen
acostar|tumbar=lies down,lain down,lying down,lie down
sentar=sits,sat,sitting,sit
dormir=sleeps,slept,sleeping,sleep
fallar|cortar=fails,failed,failing,fail
limpiar=starts cleaning,cleaned,cleaning,clean
funcionar=starts running,run,running,run
tirar|vaciar=empties,emptied,emptying,empty
""")

NOTICES = {
    "avisar": "tell", "notificar": "notify", "alertar": "alert", "decir": "tell", "informar": "inform", "comunicar": "tell", "contar": "tell",
    "mandar": "send", "enviar": "send", "recordar": "remind", "despertar": "wake", "escribir": "message", "llamar": "call", "saber": "tell", "dar": "give", "mostrar": "show",
}  # fmt: skip
ORDERS = {
    "encender": "turn on", "prender": "turn on", "apagar": "turn off", "abrir": "open", "cerrar": "close", "bloquear": "lock", "cerrar con llave": "lock", "desbloquear": "unlock",
    "subir": "raise", "bajar": "lower", "iniciar": "start", "arrancar": "start", "parar": "stop", "detener": "stop", "pausar": "pause", "activar": "activate", "desactivar": "deactivate",
    "poner": "set", "reproducir": "play", "vigilar": "watch", "monitorear": "monitor", "mirar": "watch", "aumentar": "increase", "limpiar": "start", "desarmar": "disarm", "armar": "arm",
    "conectar": "turn on", "desconectar": "turn off", "programar": "schedule", "cancelar": "cancel", "tocar": "play", "grabar": "record", "cambiar": "change", "borrar": "delete", "eliminar": "delete", "reanudar": "resume", "reactivar": "resume", "silenciar": "mute", "suspender": "pause", "listar": "list", "modificar": "change", "llenar": "feed", "quitar": "remove",
}  # fmt: skip
SENT = frozenset(
    "mensaje notificacion aviso alerta recordatorio nota correo sms email foto llamada notificaciones avisos alertas mensajes push".split()
)
WISHES = frozenset("querer poder necesitar gustar haber deber".split())
