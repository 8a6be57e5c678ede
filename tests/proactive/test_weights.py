"""Which model file a detector is given: as configured, or the data folder's, and never one that is downloaded unasked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from proactive.settings import Settings, load
from proactive.weights import MODELS, detector_model
from rules.problem import InputError

NAMED = Path("yolo26n.pt")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return Settings(tmp_path / "data", detector_model=NAMED)


def test_weights_that_are_named_and_not_here_stay_a_name_unless_downloads_are_allowed(settings: Settings) -> None:
    assert detector_model(settings) == NAMED
    assert not settings.data.exists()


def test_weights_of_the_data_folder_are_found_by_their_name(settings: Settings) -> None:
    kept = settings.data / MODELS / NAMED
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"weights")
    assert detector_model(replace(settings, allow_downloads=True)) == kept


@pytest.mark.parametrize("model", [None, Path("model.xml"), Path("mine.pt"), Path("models/yolo26n.pt")])
def test_what_is_not_the_bare_name_of_published_weights_is_never_downloaded(
    settings: Settings, model: Path | None
) -> None:
    assert detector_model(replace(settings, detector_model=model, allow_downloads=True)) == model


def test_a_file_of_that_name_that_is_here_is_taken(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / NAMED).write_bytes(b"weights")
    assert detector_model(replace(settings, allow_downloads=True)) == NAMED


@pytest.mark.parametrize(
    ("said", "allowed"), [("yes", True), ("1", True), ("no", False), ("False", False), ("", False)]
)
def test_downloads_are_allowed_by_a_yes_only(said: str, allowed: bool, tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "PROACTIVE_ALLOW_DOWNLOADS": said}
    assert load(environment, tmp_path / ".env").allow_downloads is allowed


def test_an_answer_that_is_neither_yes_nor_no_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="PROACTIVE_ALLOW_DOWNLOADS: expected yes or no, found 'maybe'"):
        load({"HOME": str(tmp_path), "PROACTIVE_ALLOW_DOWNLOADS": "maybe"}, tmp_path / ".env")
