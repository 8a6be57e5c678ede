"""Ultralytics' published weights: which names they have, and fetching one for a person who has allowed it.

Nobody calls `fetch` but on a person's word (PROACTIVE_ALLOW_DOWNLOADS): a detector that is asked for a model which is
not here says where to get it.
"""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from rules.problem import InputError, Problem

RELEASE = "https://github.com/ultralytics/assets/releases/download/v8.4.0"
# Detection models of the generations 5 to 26: yolov8n.pt, yolo11s.pt, yolo26x.pt.
_NAME = re.compile(r"yolo(v5[nsmlx]6?u|v8[nsmlx]|v9[tsmce]|v10[nsmblx]|11[nsmlx]|12[nsmlx]|26[nsmlx])\.pt")


def is_published(name: str) -> bool:
    """Return whether Ultralytics publishes detection weights under that file name."""
    return _NAME.fullmatch(name) is not None


def fetch(name: str, folder: Path, release: str = RELEASE) -> Path:
    """Download published weights into the folder and return their path. Raise InputError when that does not work.

    The file is there whole or not at all.
    """
    path, part = folder / name, folder / f"{name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (
            httpx.stream("GET", f"{release}/{name}", follow_redirects=True, timeout=30) as answer,
            part.open("wb") as out,
        ):
            answer.raise_for_status()
            out.writelines(answer.iter_bytes())
    except (httpx.HTTPError, OSError) as error:
        part.unlink(missing_ok=True)
        hint = f"Download {release}/{name} by other means and name the file in PROACTIVE_DETECTOR_MODEL."
        why = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        message = f"expected to download it into {folder}; that failed ({why})."
        raise InputError([Problem("not_downloaded", name, message, hint)]) from error
    return part.replace(path)
