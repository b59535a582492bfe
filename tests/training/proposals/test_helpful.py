"""Frames that help most: the model is unsure of them, and they're unlike what is labeled and unlike each other."""

import numpy as np
import pytest

from tests.training.proposals.conftest import as_it_ended, at
from training.models import ModelRun
from training.proposals import helpful, runs
from training.proposals.runs import RunChoices

pytestmark = pytest.mark.django_db


def looking_like(*values: float) -> np.ndarray:
    return np.tile(np.array(values, np.float32), (20, 20, 1))


def test_the_least_certain_and_most_different_come_first(video, model, finds) -> None:
    found = {0: [at(10, score=0.99)], 1: [at(10, score=0.5)], 2: [at(10, score=0.5)], 3: [at(10, score=0.95)]}
    looks = {
        0: looking_like(1, 0, 0),
        1: looking_like(1, 0.01, 0),  # a near-duplicate of the labeled one
        2: looking_like(0, 1, 0),
        3: looking_like(0, 0, 1),
        4: looking_like(0, 1, 0.01),  # a near-duplicate of 2
        5: looking_like(0.5, 0.5, 0.5),
    }
    video.frames.filter(number=0).update(finished=True)
    video.frames.filter(number=5).update(ignored=True)
    finds(found, looks)
    assert helpful.most_helpful(video, model) == []
    as_it_ended(runs.start(video, model, None, RunChoices(ModelRun.Purpose.HELPFUL)))
    assert helpful.most_helpful(video, model) == [2, 3]
    assert not video.frames.get(number=2).boxes.exists()


def test_how_unsure_a_model_is() -> None:
    assert helpful.doubt([]) == 0
    assert helpful.doubt([at(0, score=0.99), at(0, score=0.5)]) == 1
    assert helpful.doubt([at(0, score=0.75)]) == 0.5
