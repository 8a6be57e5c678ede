"""Settings: the environment wins, secrets stay hidden, and a misspelt name is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from proactive.settings import channel_variable, data_folder, hide_password, load, read_dotenv, unknown_settings
from rules.problem import InputError


@pytest.fixture
def dotenv(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def test_the_environment_wins_over_the_file(dotenv: Path) -> None:
    dotenv.write_text("PROACTIVE_LLM=openai:small\nPROACTIVE_DATA=/from/file\n")
    found = load({"PROACTIVE_LLM": "bedrock:large"}, dotenv)
    assert (found.llm, found.data) == ("bedrock:large", Path("/from/file"))


def test_without_anything_the_store_is_a_file_where_the_platform_keeps_data(dotenv: Path) -> None:
    found = load({"XDG_DATA_HOME": "/data", "HOME": "/home/sam", "LOCALAPPDATA": "/data"}, dotenv)
    assert found.data == data_folder({"XDG_DATA_HOME": "/data", "HOME": "/home/sam", "LOCALAPPDATA": "/data"})
    assert found.database_url == f"sqlite:///{found.data / 'proactive.db'}"
    assert (found.kafka, found.detector_model, found.unknown) == (None, None, ())


def test_what_is_set_to_nothing_is_not_set(dotenv: Path) -> None:
    assert load({"PROACTIVE_KAFKA": ""}, dotenv).kafka is None


def test_secrets_are_never_printed(dotenv: Path) -> None:
    own = {
        "PROACTIVE_DATABASE": "postgresql://sam:hunter2@db/proactive",
        "PROACTIVE_CHANNEL_PHONE_GREG": "ntfy://hunter2",
        "PROACTIVE_KAFKA_SASL_PLAIN_PASSWORD": "hunter2",
        "PROACTIVE_KAFKA_SSL_PASSWORD": "hunter2",
        "PROACTIVE_KAFKA_SASL_PLAIN_PASSWORD_FILE": "/run/secrets/kafka",
    }
    found = load(own, dotenv)
    assert "hunter2" not in f"{found!r} {found} {found.rows()}"
    assert found.rows()["PROACTIVE_DATABASE"] == "postgresql://sam:****@db/proactive"
    assert found.rows()["PROACTIVE_KAFKA_SASL_PLAIN_PASSWORD_FILE"] == "/run/secrets/kafka"
    assert found.channel("phone.greg") == "ntfy://hunter2"
    assert channel_variable("phone.greg") == "PROACTIVE_CHANNEL_PHONE_GREG"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://sam:p%40ss@db/x", "postgresql://sam:****@db/x"),
        ("postgresql://db/x?password=hunter2&a=b", "postgresql://db/x?password=****&a=b"),
        ("sqlite:////data/x.db", "sqlite:////data/x.db"),
        ("broker:9092", "broker:9092"),
    ],
)
def test_a_password_is_hidden_and_the_rest_is_not(address: str, shown: str) -> None:
    assert hide_password(address) == shown


def test_a_misspelt_setting_is_noticed(dotenv: Path) -> None:
    [problem] = unknown_settings(load({"PROACTIVE_DATABSE": "x"}, dotenv))
    assert "Did you mean 'PROACTIVE_DATABASE'" in str(problem)


def test_the_file_takes_quotes_comments_and_export(dotenv: Path) -> None:
    dotenv.write_text("# settings\n\nexport A='x # y'\nB=plain # a comment\nC=\"q\"\nD=\nE=a#b\n")
    assert read_dotenv(dotenv) == {"A": "x # y", "B": "plain", "C": "q", "D": "", "E": "a#b"}


def test_a_bad_line_is_named_without_its_value(dotenv: Path) -> None:
    dotenv.write_text("A=1\nPROACTIVE DATA=hunter2\n")
    with pytest.raises(InputError, match=r"\.env:2: expected NAME=value, found 'PROACTIVE DATA'") as raised:
        read_dotenv(dotenv)
    assert "hunter2" not in str(raised.value)


def test_a_file_that_is_no_text_is_named(dotenv: Path) -> None:
    dotenv.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"expected UTF-8 text, found the byte 0xff at 0\. Save it as UTF-8\."):
        read_dotenv(dotenv)


def test_a_role_has_a_model_of_its_own_or_the_one_for_all(dotenv: Path) -> None:
    found = load({"PROACTIVE_LLM": "openai:big", "PROACTIVE_LLM_ROUTER": "openai:small"}, dotenv)
    assert [found.model(role) for role in ("router", "compiler")] == ["openai:small", "openai:big"]
    assert load({}, dotenv).model("answerer") is None


def test_a_router_is_only_what_is_set_as_one(dotenv: Path) -> None:
    found = load({"PROACTIVE_LLM": "openai:big"}, dotenv)
    assert [found.model(role) for role in ("router", "compiler", "answerer")] == [None, "openai:big", "openai:big"]


def test_each_model_server_has_its_own_address_and_key_which_is_never_printed(dotenv: Path) -> None:
    own = {
        "PROACTIVE_LLM_URL": "http://a/v1",
        "PROACTIVE_LLM_KEY": "hunter2",
        "PROACTIVE_LLM_URL_LAB": "http://u:hunter2@b",
    }
    found = load(own, dotenv)
    assert (found.llm_url, found.llm_key, found.unknown) == ("http://a/v1", "hunter2", ())
    assert (found.at_server("lab").llm_url, found.at_server("lab").llm_key) == ("http://u:hunter2@b", None)
    assert "hunter2" not in f"{found!r} {found.rows()}"


@pytest.mark.parametrize("value", ["soon", "0", "-1", "nan", "inf"])
def test_seconds_that_are_none_are_named(value: str, dotenv: Path) -> None:
    with pytest.raises(InputError, match=r"PROACTIVE_LLM_TIMEOUT: expected seconds such as 20"):
        load({"PROACTIVE_LLM_TIMEOUT": value}, dotenv)


def test_how_a_model_is_used_may_stand_in_the_file_too(dotenv: Path) -> None:
    dotenv.write_text("PROACTIVE_LLM_CUT=strict\nPROACTIVE_LLM_TIMEOUT=90\n")
    found = load({"PROACTIVE_LLM_TIMEOUT": "30"}, dotenv)
    assert found.llm_options == {"PROACTIVE_LLM_CUT": "strict", "PROACTIVE_LLM_TIMEOUT": "30"}
    assert (found.llm_timeout, found.unknown) == (30.0, ())
    assert found.rows()["PROACTIVE_LLM_CUT"] == "strict"
