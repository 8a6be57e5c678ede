"""Downloading published weights: on a person's word only, whole or not at all. The server is a real one on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rules.problem import InputError
from vision.detectors.weights import fetch, is_published

WEIGHTS = b"weights" * 1000


class Release(BaseHTTPRequestHandler):
    """Gives weights under one name, and breaks off in the middle of those under another."""

    def do_GET(self) -> None:
        known = self.path in {"/yolo26n.pt", "/yolo26s.pt"}
        self.send_response(200 if known else 404)
        self.send_header("Content-Length", str(len(WEIGHTS) if known else 0))
        self.end_headers()
        if known:
            self.wfile.write(WEIGHTS if self.path == "/yolo26n.pt" else WEIGHTS[:100])

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def release() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Release) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_published_weights_are_kept_whole(release: str, tmp_path: Path) -> None:
    path = fetch("yolo26n.pt", tmp_path / "models", release)
    assert path == tmp_path / "models" / "yolo26n.pt"
    assert path.read_bytes() == WEIGHTS


@pytest.mark.parametrize("name", ["yolo26s.pt", "yolo26x.pt"])
def test_a_download_that_fails_leaves_nothing_and_says_what_to_do(name: str, release: str, tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=rf"{name}: expected to download.*failed.*Download {release}/{name} by other means"
    ):
        fetch(name, tmp_path, release)
    assert list(tmp_path.iterdir()) == []


def test_only_the_names_of_detection_weights_are_published_ones() -> None:
    assert all(map(is_published, ["yolo26n.pt", "yolo11x.pt", "yolov8s.pt", "yolov5n6u.pt", "yolov9c.pt"]))
    assert not any(map(is_published, ["yolo26n-seg.pt", "yolo26n.onnx", "../yolo26n.pt", "mine.pt", "yolo26n.pt.exe"]))
