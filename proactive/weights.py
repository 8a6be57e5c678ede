"""The model that a detector looks with: as configured, and downloaded only where the person has allowed it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from proactive.settings import Settings
from vision.detectors.catalogue import WEIGHTS

MODELS = "models"  # in the data folder: weights that were downloaded


def detector_model(settings: Settings) -> Path | None:
    """Return the configured model. Published weights that are only named are those of the data folder.

    They are downloaded into it where the setting PROACTIVE_ALLOW_DOWNLOADS says so; else the name is returned as it is, and
    the detector says where to get them. Raise InputError when the download fails.
    """
    model = settings.detector_model
    if model is None or model.suffix != WEIGHTS or model.exists() or model.name != str(model):
        return model
    from vision.detectors.weights import fetch, is_published

    kept = settings.data / MODELS / model.name
    if kept.exists():
        return kept
    if not settings.allow_downloads or not is_published(model.name):
        return model
    click.echo(f"Downloading {model.name} into {kept.parent}", err=True)
    return fetch(model.name, kept.parent)


def keep_inside(settings: Settings) -> None:
    """Have libraries that keep settings of their own keep them in the data folder, in this process and those it starts."""
    from vision.detectors.quiet import CONFIG_FOLDER

    os.environ.setdefault(CONFIG_FOLDER, str(settings.data.absolute()))
