"""Laws of the vault: what is secret is in no file of the store, and comes back only with its key."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from proactive.settings import Settings
from proactive.store import Store
from proactive.store.database import alembic_config
from proactive.store.sealed import change_all
from proactive.subscription import Subscription
from proactive.vault import NAME, Vault, VaultError
from rules.home import Camera, Home

PASSWORD = "hunter2-of-the-kitchen"
URL = f"rtsp://admin:{PASSWORD}@192.0.2.7/stream"


@pytest.fixture
def home(maple: Home) -> Home:
    return maple.model_copy(update={"cameras": (Camera(id="cam.kitchen", url=URL),)})


def fill(store: Store, home: Home) -> None:
    store.import_home(home)
    store.prefer(home.home, "channel.phone.greg", f"ntfy://{PASSWORD}@host/topic", person="person.greg")
    keys = {"endpoint": "https://push.example/1", "p256dh": "public", "auth": PASSWORD, "device": "", "created_at": 0}
    store.subscribe(home.home, Subscription(person="person.greg", **keys))  # type: ignore[arg-type]  # texts, but for the time


def files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def test_secrets_are_in_no_file_and_come_back_equal(tmp_path: Path, home: Home) -> None:
    settings = Settings(data=tmp_path)
    with Store.open(settings) as store:
        fill(store, home)
    assert PASSWORD.encode() not in files(tmp_path)
    with Store.open(settings) as store:
        assert store.export_home(home.home) == home
        assert PASSWORD in store.preferences(home.home)["person.greg", "channel.phone.greg"]
        assert store.subscriptions(home.home)[0].auth == PASSWORD


def test_only_its_owner_may_read_the_key(tmp_path: Path) -> None:
    Vault(tmp_path).seal("x")
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize("_again", range(10))
def test_many_at_once_make_one_key_and_leave_nothing_else(tmp_path: Path, _again: int) -> None:
    with ThreadPoolExecutor(8) as pool:
        sealed = list(pool.map(lambda number: Vault(tmp_path).seal(str(number)), range(8)))
    assert [Vault(tmp_path).open(text) for text in sealed] == [str(number) for number in range(8)]
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_an_empty_key_seals_nothing(tmp_path: Path) -> None:
    (tmp_path / NAME).touch()
    with pytest.raises(VaultError, match="empty"):
        Vault(tmp_path).seal("x")


def test_a_store_that_was_plain_is_sealed_when_it_is_opened_and_nothing_is_left_behind(
    tmp_path: Path, home: Home
) -> None:
    from alembic import command

    settings = Settings(data=tmp_path)
    with Store.open(settings) as store:
        fill(store, home)
        with store.database.engine.begin() as connection:
            command.downgrade(alembic_config(connection), "0007")
        store.database.forget_deleted()
    assert PASSWORD.encode() in files(tmp_path)
    with Store.open(settings) as store:
        assert store.export_home(home.home) == home
    assert PASSWORD.encode() not in files(tmp_path)


def test_sealing_again_changes_nothing_that_is_sealed(tmp_path: Path, home: Home) -> None:
    with Store.open(Settings(data=tmp_path)) as store:
        fill(store, home)
        with store.database.engine.begin() as connection:
            change_all(connection, sealed=True)
        assert store.export_home(home.home) == home


def test_what_only_looks_sealed_is_sealed_like_everything_else(tmp_path: Path, home: Home) -> None:
    typed = home.model_copy(update={"cameras": (Camera(id="cam.kitchen", url=f"sealed:{PASSWORD}"),)})
    with Store.open(Settings(data=tmp_path)) as store:
        store.import_home(typed)
        with store.database.engine.begin() as connection:
            change_all(connection, sealed=True)
        assert store.export_home(home.home) == typed
    assert PASSWORD.encode() not in files(tmp_path)


def test_a_key_that_is_lost_or_another_is_said_with_what_to_do(tmp_path: Path, home: Home) -> None:
    with Store.open(Settings(data=tmp_path)) as store:
        fill(store, home)
    (tmp_path / NAME).rename(tmp_path / "elsewhere")
    with Store.open(Settings(data=tmp_path)) as store, pytest.raises(VaultError, match="Put back the key"):
        store.export_home(home.home)
    with (
        Store.open(Settings(data=tmp_path, secret_key="another")) as store,
        pytest.raises(VaultError, match="PROACTIVE_SECRET_KEY is not the key"),
    ):
        store.export_home(home.home)


def test_a_key_that_is_given_needs_no_file(tmp_path: Path, home: Home) -> None:
    settings = Settings(data=tmp_path, secret_key="of the machine")
    with Store.open(settings) as store:
        fill(store, home)
    assert not (tmp_path / NAME).exists() and "of the machine" not in repr(settings)
    with Store.open(settings) as store:
        assert store.export_home(home.home) == home
