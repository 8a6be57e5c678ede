from __future__ import annotations

import pytest

from tests.vision.coats import BLACK, CREAM, room
from vision.embedding import load_embedder
from vision.look import cosine


def test_an_embedding_is_the_same_for_the_same_crop_and_another_for_another() -> None:
    embed = load_embedder()
    if embed is None:
        pytest.skip("needs proactive[offline,openvino]")
    one, other = (room(((0.3, 0.3, 0.7, 0.9), colour)) for colour in (CREAM, BLACK))
    assert embed(one) == embed(one)
    assert cosine(embed(one), embed(one)) == pytest.approx(1, abs=0.01)
    assert cosine(embed(one), embed(other)) < 0.99
