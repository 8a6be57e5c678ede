"""Settings: what the environment and a `.env` file say, as one frozen value.

The environment wins over `.env`. Secrets (a database password, the addresses of channels) never appear in what is
printed: `repr` and `rows` show that they are set, not what they are. Standard library only, since every command
reads settings before it does anything else.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args

from rules.problem import InputError, Problem, nearest

PREFIX = "PROACTIVE_"
CHANNEL = "PROACTIVE_CHANNEL_"
SOURCE = "PROACTIVE_SOURCE_"
CALENDAR = "PROACTIVE_CALENDAR_"
LLM_URL, LLM_KEY = "PROACTIVE_LLM_URL", "PROACTIVE_LLM_KEY"
LLM_OPTIONS = tuple(f"PROACTIVE_LLM_{name}" for name in ("TIMEOUT", "CUT", "WHEN", "ROUNDS", "THINKING", "DEBUG"))
PICTURE_DAYS = 7.0
KEEP_DAYS = 400.0  # of the log: a year, and a month to compare it with
LEAST_DAYS = 30.0  # what rules, corrections and previews of a fortnight look back on, with room to spare
KAFKA_SECURITY = tuple(
    f"PROACTIVE_KAFKA_{name}"
    for name in (
        "SECURITY_PROTOCOL",
        "SSL_CAFILE",
        "SSL_CERTFILE",
        "SSL_KEYFILE",
        "SSL_PASSWORD",
        "SASL_MECHANISM",
        "SASL_PLAIN_USERNAME",
        "SASL_PLAIN_PASSWORD",
        "SASL_PLAIN_PASSWORD_FILE",
    )
)
KAFKA_TOPICS = "proactive"  # what the names of the topics begin with
LLM_SECONDS = 20.0  # for a request, however often models are asked
HIDDEN = "****"

ModelRole = Literal["router", "compiler", "answerer"]

PUSH_SUBJECT, PICTURE_BUCKET = "PROACTIVE_PUSH_SUBJECT", "PROACTIVE_PICTURE_BUCKET"
HOST, PORT, API_TOKEN = "PROACTIVE_HOST", "PROACTIVE_PORT", "PROACTIVE_API_TOKEN"
SECRET_KEY, PUBLISHED = "PROACTIVE_SECRET_KEY", "PROACTIVE_PUBLISHED"
TLS_CERTIFICATE, TLS_KEY, NAMES = "PROACTIVE_TLS_CERTIFICATE", "PROACTIVE_TLS_KEY", "PROACTIVE_NAMES"
HEARING, SPEAKING, VOICE_MODEL = "PROACTIVE_HEARING", "PROACTIVE_SPEAKING", "PROACTIVE_VOICE_MODEL"
VOICE_URL, VOICE_KEY = "PROACTIVE_VOICE_URL", "PROACTIVE_VOICE_KEY"
LOOPBACK, USUAL_PORT = "127.0.0.1", 8420
SHORTEST_TOKEN = 20  # characters of PROACTIVE_API_TOKEN: what is shorter can be guessed

_NAMES = (
    "PROACTIVE_DATA",
    "PROACTIVE_DATABASE",
    "PROACTIVE_DETECTOR",
    "PROACTIVE_DETECTOR_MODEL",
    "PROACTIVE_ALLOW_DOWNLOADS",
    "PROACTIVE_PICTURE_DAYS",
    "PROACTIVE_KEEP_DAYS",
    "PROACTIVE_LLM",
    "PROACTIVE_LLM_ROUTER",
    "PROACTIVE_LLM_COMPILER",
    "PROACTIVE_LLM_ANSWERER",
    LLM_URL,
    LLM_KEY,
    "PROACTIVE_LLM_PRICES",
    *LLM_OPTIONS,
    "PROACTIVE_KAFKA",
    "PROACTIVE_KAFKA_TOPICS",
    *KAFKA_SECURITY,
    PUSH_SUBJECT,
    PICTURE_BUCKET,
    HOST,
    PORT,
    SECRET_KEY,
    PUBLISHED,
    TLS_CERTIFICATE,
    TLS_KEY,
    NAMES,
    API_TOKEN,
    HEARING,
    SPEAKING,
    VOICE_MODEL,
    VOICE_URL,
    VOICE_KEY,
)
_LABELLED = (CHANNEL, SOURCE, CALENDAR, f"{LLM_URL}_", f"{LLM_KEY}_")
_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")
_PASSWORD = re.compile(
    r"(?:^(?!\w+(?:\+\w+)?://)|(?<=://))([^:/@\s]*):\S*(?=@)|((?:password|token|secret|key)=)[^&\s]+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What is configured. `channels` maps a channel id as `channel_key` writes it to an address; `calendars` the same of a
    calendar's id; `sources` are what `serve` listens to, by any name.

    `llm` is the model of compiler and answerer, where `llm_roles` has none of their own. `llm_urls` and `llm_keys` say where model
    servers are, by label; the server that is meant is the one labelled `llm_server`. `llm_options` say how a model is used.
    `kafka` are the broker's servers, `kafka_security` says how they are spoken to, and what the names of the topics there begin with is
    `kafka_topics`.
    `push_subject` is where push services may complain; `picture_bucket` where pictures are put that must be seen from outside.
    `secret_key` seals the secrets in the store, in place of a key in the data folder. `published` says that something in front of
    `serve` encrypts, or lets in this machine only. `tls_certificate` and `tls_key` are the person's own, as PEM files; `names` is what
    else this machine is called, for a certificate that is made here.
    `host` and `port` are where `serve` listens (0: any free port); `api_token` lets a program write and read records.
    `hearing` and `speaking` name the engines of voice; `voice_model` is a folder with Whisper's weights, `voice_url` a server's base.
    """

    data: Path
    database: str | None = None
    detector: str | None = None
    detector_model: Path | None = None
    allow_downloads: bool = False
    picture_days: float = PICTURE_DAYS
    keep_days: float = KEEP_DAYS
    llm: str | None = None
    llm_roles: Mapping[ModelRole, str] = field(default_factory=dict)
    llm_urls: Mapping[str, str] = field(default_factory=dict)
    llm_keys: Mapping[str, str] = field(default_factory=dict)
    llm_server: str = ""
    llm_timeout: float = LLM_SECONDS
    llm_options: Mapping[str, str] = field(default_factory=dict)
    llm_prices: Path | None = None
    kafka: str | None = None
    kafka_topics: str = KAFKA_TOPICS
    kafka_security: Mapping[str, str] = field(default_factory=dict)
    push_subject: str | None = None
    picture_bucket: str | None = None
    secret_key: str | None = None
    published: bool = False
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    names: tuple[str, ...] = ()
    host: str = LOOPBACK
    port: int = USUAL_PORT
    api_token: str | None = None
    hearing: str | None = None
    speaking: str | None = None
    voice_model: Path | None = None
    voice_url: str | None = None
    voice_key: str | None = None
    channels: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    calendars: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    def channel(self, channel: str) -> str | None:
        """Return the address that is set for a channel id such as `phone.greg`, or None."""
        return self.channels.get(channel_key(channel))

    def model(self, role: ModelRole) -> str | None:
        """Return the setting of a role's model, or None where it has none: a router is only who is named as one."""
        return self.llm_roles.get(role, None if role == "router" else self.llm)

    @property
    def llm_url(self) -> str | None:
        """Return where the model server that is meant answers, or None."""
        return self.llm_urls.get(self.llm_server)

    @property
    def llm_key(self) -> str | None:
        """Return the key of the model server that is meant, or None."""
        return self.llm_keys.get(self.llm_server)

    def at_server(self, label: str) -> Settings:
        """Return these settings with another model server meant: `openai@lab:NAME` is at `PROACTIVE_LLM_URL_LAB`."""
        return replace(self, llm_server=channel_key(label))

    @property
    def database_url(self) -> str:
        """Return the store's SQLAlchemy URL: `PROACTIVE_DATABASE`, else a SQLite file in the data folder."""
        return self.database or f"sqlite:///{self.data / 'proactive.db'}"

    @property
    def log(self) -> Path:
        """Return where the embedded log of records is kept."""
        return self.data / "log.db"

    def rows(self) -> dict[str, str]:
        """Return the settings in force by their environment names, secrets hidden; what is not set is empty."""
        rows = {
            "PROACTIVE_DATA": str(self.data),
            "PROACTIVE_DATABASE": hide_password(self.database or ""),
            "PROACTIVE_DETECTOR": self.detector or "",
            "PROACTIVE_DETECTOR_MODEL": str(self.detector_model or ""),
            "PROACTIVE_ALLOW_DOWNLOADS": "yes" if self.allow_downloads else "",
            "PROACTIVE_PICTURE_DAYS": f"{self.picture_days:g}",
            "PROACTIVE_KEEP_DAYS": f"{self.keep_days:g}",
            "PROACTIVE_LLM": hide_password(self.llm or ""),
            **{_role_name(role): hide_password(model) for role, model in self.llm_roles.items()},
            LLM_URL: "",
            **{_labelled(LLM_URL, label): hide_password(url) for label, url in sorted(self.llm_urls.items())},
            LLM_KEY: "",
            **{_labelled(LLM_KEY, label): HIDDEN for label in sorted(self.llm_keys)},
            "PROACTIVE_LLM_TIMEOUT": f"{self.llm_timeout:g}",
            **self.llm_options,
            "PROACTIVE_LLM_PRICES": str(self.llm_prices or ""),
            "PROACTIVE_KAFKA": hide_password(self.kafka or ""),
            "PROACTIVE_KAFKA_TOPICS": self.kafka_topics,
            **{name: HIDDEN if name.endswith("_PASSWORD") else value for name, value in self.kafka_security.items()},
            PUSH_SUBJECT: self.push_subject or "",
            PICTURE_BUCKET: self.picture_bucket or "",
            SECRET_KEY: HIDDEN if self.secret_key else "",
            PUBLISHED: "yes" if self.published else "",
            TLS_CERTIFICATE: str(self.tls_certificate or ""),
            TLS_KEY: str(self.tls_key or ""),
            NAMES: ", ".join(self.names),
            HOST: self.host,
            PORT: str(self.port),
            API_TOKEN: HIDDEN if self.api_token else "",
            HEARING: self.hearing or "",
            SPEAKING: self.speaking or "",
            VOICE_MODEL: str(self.voice_model or ""),
            VOICE_URL: hide_password(self.voice_url or ""),
            VOICE_KEY: HIDDEN if self.voice_key else "",
        }
        secret = {CHANNEL: self.channels, SOURCE: self.sources, CALENDAR: self.calendars}
        return rows | {prefix + key.upper(): HIDDEN for prefix, known in secret.items() for key in sorted(known)}

    def __repr__(self) -> str:
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in self.rows().items())})"


def load(environ: Mapping[str, str] | None = None, dotenv: Path | None = None) -> Settings:
    """Return the settings of the environment and of the `.env` file (default: in the current folder, if there is one).

    A relative path is taken from the current folder. Raise InputError for a `.env` that cannot be read.
    """
    own = os.environ if environ is None else environ
    given = {**read_dotenv(dotenv or Path(".env")), **own}
    values = {name: value for name, value in given.items() if name.startswith(PREFIX) and value}
    return Settings(
        data=_path("PROACTIVE_DATA", values) or data_folder(own),
        database=values.get("PROACTIVE_DATABASE"),
        detector=values.get("PROACTIVE_DETECTOR"),
        detector_model=_path("PROACTIVE_DETECTOR_MODEL", values),
        allow_downloads=_yes("PROACTIVE_ALLOW_DOWNLOADS", values),
        picture_days=_days("PROACTIVE_PICTURE_DAYS", values, PICTURE_DAYS),
        keep_days=_keep_days(values),
        llm=values.get("PROACTIVE_LLM"),
        llm_roles={role: values[_role_name(role)] for role in get_args(ModelRole) if _role_name(role) in values},
        llm_urls=_by_label(LLM_URL, values),
        llm_keys=_by_label(LLM_KEY, values),
        llm_timeout=_seconds("PROACTIVE_LLM_TIMEOUT", values, LLM_SECONDS),
        llm_options={name: values[name] for name in LLM_OPTIONS if name in values},
        llm_prices=_path("PROACTIVE_LLM_PRICES", values),
        kafka=values.get("PROACTIVE_KAFKA"),
        kafka_topics=_prefix("PROACTIVE_KAFKA_TOPICS", values, KAFKA_TOPICS),
        kafka_security={name: values[name] for name in KAFKA_SECURITY if name in values},
        push_subject=_subject(values),
        picture_bucket=values.get(PICTURE_BUCKET),
        secret_key=values.get(SECRET_KEY),
        published=_yes(PUBLISHED, values),
        tls_certificate=_path(TLS_CERTIFICATE, values),
        tls_key=_path(TLS_KEY, values),
        names=tuple(filter(None, re.split(r"[,\s]+", values.get(NAMES, "")))),
        host=values.get(HOST, LOOPBACK),
        port=_port(values),
        api_token=_api_token(values),
        hearing=values.get(HEARING),
        speaking=values.get(SPEAKING),
        voice_model=_path(VOICE_MODEL, values),
        voice_url=values.get(VOICE_URL),
        voice_key=values.get(VOICE_KEY),
        channels=_by_name(CHANNEL, values),
        sources=_by_name(SOURCE, values),
        calendars=_by_name(CALENDAR, values),
        unknown=tuple(sorted(n for n in values if n not in _NAMES and not n.startswith(_LABELLED))),
    )


def _path(name: str, values: Mapping[str, str]) -> Path | None:
    """Return the path of a setting, or None when it is not set. Raise InputError for a user that is not here."""
    if name not in values:
        return None
    try:
        return Path(values[name]).expanduser()
    except RuntimeError as error:
        message = f"expected a path, found {values[name]!r}, of a user who is not here."
        raise InputError([Problem("bad_path", name, message, "Write the path out.")]) from error


def _role_name(role: ModelRole) -> str:
    return f"PROACTIVE_LLM_{role.upper()}"


def _labelled(name: str, label: str) -> str:
    return f"{name}_{label.upper()}" if label else name


def _by_label(name: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return the values of `NAME` (under an empty label) and of `NAME_LABEL`, each by its label."""
    labelled = {key.removeprefix(f"{name}_"): value for key, value in values.items() if key.startswith(f"{name}_")}
    plain = {"": values[name]} if name in values else {}
    return plain | {channel_key(label): value for label, value in labelled.items()}


def _by_name(prefix: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return the values of every `PREFIX_NAME`, by name as `channel_key` writes it."""
    return {channel_key(n.removeprefix(prefix)): value for n, value in values.items() if n.startswith(prefix)}


def _yes(name: str, values: Mapping[str, str]) -> bool:
    """Return whether a setting says yes. Raise InputError where it says neither yes nor no."""
    said = values.get(name, "no").lower()
    if said not in {"yes", "no", "1", "0", "true", "false"}:
        raise InputError([Problem("bad_answer", name, f"expected yes or no, found {values[name]!r}.")])
    return said in {"yes", "1", "true"}


def _subject(values: Mapping[str, str]) -> str | None:
    """Return where push services may complain. Raise InputError for what they refuse (RFC 8292, 2.1)."""
    given = values.get(PUSH_SUBJECT)
    if given is not None and not re.fullmatch(r"mailto:\S+@\S+\.\S+|https://\S+\.\S+", given):
        message = f"expected an address such as 'mailto:you@example.org' or 'https://example.org', found {given!r}."
        raise InputError([Problem("bad_subject", PUSH_SUBJECT, message)])
    return given


def _port(values: Mapping[str, str]) -> int:
    """Return where `serve` listens. Raise InputError where it is no port."""
    given = values.get(PORT, str(USUAL_PORT))
    if not (given.isdecimal() and given.isascii() and int(given) <= 65_535):
        message = f"expected a port from 0 (any that is free) to 65535, found {given!r}."
        raise InputError([Problem("bad_port", PORT, message)])
    return int(given)


def _api_token(values: Mapping[str, str]) -> str | None:
    """Return the token for programs. Raise InputError for one that can be guessed."""
    given = values.get(API_TOKEN)
    if given is not None and len(given) < SHORTEST_TOKEN:
        message = f"expected at least {SHORTEST_TOKEN} characters, found {len(given)}."
        raise InputError([Problem("short_token", API_TOKEN, message, "Make one with: openssl rand -hex 24")])
    return given


def _seconds(name: str, values: Mapping[str, str], default: float) -> float:
    """Return a setting in seconds. Raise InputError where it is no positive number."""
    try:
        seconds = float(values.get(name, default))
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 86_400:
        raise InputError([Problem("bad_number", name, f"expected seconds such as 20, found {values[name]!r}.")])
    return seconds


def _prefix(name: str, values: Mapping[str, str], default: str) -> str:
    """Return what names of topics begin with. Raise InputError for characters that Kafka does not take in them."""
    given = values.get(name, default)
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,200}", given):
        raise InputError([Problem("bad_name", name, f"expected letters, digits, '.', '_' and '-'; found {given!r}.")])
    return given


def _keep_days(values: Mapping[str, str]) -> float:
    """Return for how many days the log is kept, 0: for ever. Raise InputError where rules would miss what they look back on."""
    name = "PROACTIVE_KEEP_DAYS"
    days = _days(name, values, KEEP_DAYS)
    if 0 < days < LEAST_DAYS:
        message = f"expected at least {LEAST_DAYS:g} days, or 0 for ever; found {values[name]!r}."
        raise InputError([Problem("too_short", name, message)])
    return days


def _days(name: str, values: Mapping[str, str], default: float) -> float:
    """Return a setting in days. Raise InputError where it is no number from 0 to 36500."""
    try:
        days = float(values.get(name, default))
    except ValueError:
        days = -1.0
    if not 0 <= days <= 36_500:
        raise InputError([Problem("bad_number", name, f"expected days such as 7, found {values[name]!r}.")])
    return days


def channel_key(channel: str) -> str:
    """Return a channel id as it stands in the name of its variable, in lower case: `phone.greg` is `phone_greg`."""
    return re.sub(r"\W", "_", channel).lower()


def channel_variable(channel: str) -> str:
    """Return the name of the variable that holds a channel's address: `PROACTIVE_CHANNEL_PHONE_GREG`."""
    return CHANNEL + channel_key(channel).upper()


def data_folder(environ: Mapping[str, str]) -> Path:
    """Return where this platform keeps an application's data."""
    home = Path(environ.get("HOME") or Path.home())
    match sys.platform:
        case "darwin":
            return home / "Library" / "Application Support" / "Proactive"
        case "win32":
            return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Proactive"
        case _:
            return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "proactive"


def read_dotenv(path: Path) -> dict[str, str]:
    """Return the `NAME=value` lines of a file; empty when there is none. Raise InputError with the bad lines."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        message = f"expected UTF-8 text, found the byte 0x{error.object[error.start]:02x} at {error.start}."
        raise InputError([Problem("unreadable", str(path), message, "Save it as UTF-8.")]) from error
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}."
        raise InputError([Problem("unreadable", str(path), message, "Expected a file of NAME=value lines.")]) from error
    values, problems = {}, []
    for number, line in enumerate(map(str.strip, lines), 1):
        if found := _LINE.fullmatch(line):
            values[found[1]] = _unquote(found[2])
        elif line and not line.startswith("#"):
            problems.append(Problem("not_a_setting", f"{path}:{number}", f"expected NAME=value, found {_named(line)}."))
    if problems:
        raise InputError(problems)
    return values


def _named(line: str) -> str:
    """Return what a line names, and nothing else of it: it may be half of a secret."""
    if found := re.match(r"PROACTIVE[\w ]*(?==)", line):
        return repr(found[0])
    found = re.match(PREFIX + r"\w+", line)
    return f"{found[0]!r} and no '='" if found else "something else"


def _unquote(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return re.sub(r"\s+#.*$", "", value)


def hide_password(address: str) -> str:
    """Return an address without the passwords in it."""
    return _PASSWORD.sub(lambda found: (found[2] or f"{found[1]}:") + HIDDEN, address)


def unknown_settings(settings: Settings) -> list[Problem]:
    """Return a problem for each `PROACTIVE_` variable that means nothing, so that a misspelt one is noticed."""
    message = "is not a known setting; it changes nothing."
    return [Problem("unknown_setting", name, message, nearest(name, _NAMES)) for name in settings.unknown]
