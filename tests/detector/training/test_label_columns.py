"""Each label starts from the score columns that rank its boxes best."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.tensorflow

BALL, CONE = 1, 2


def test_a_column_gains_by_how_few_other_anchors_it_puts_above_a_labels_own():
    from detector.training.label_columns import frame_gains

    first_finds_the_ball = [[9.0, 1.0], [2.0, 3.0], [1.0, 2.0], [0.0, 4.0]]
    gains = frame_gains(np.array(first_finds_the_ball, np.float32), np.array([BALL, 0, 0, CONE], np.int32), 2)
    assert gains[0].tolist() == [1.0, 1 / np.log2(2 + 3)]
    assert gains[1].tolist() == [1 / np.log2(2 + 3), 1.0]


def test_no_two_labels_share_a_column_and_each_gets_its_best():
    from detector.training.label_columns import choose

    gains = np.array([[0.9, 0.8, 0.1, 0.0, 0.3, 0.2], [0.6, 0.1, 0.7, 0.6, 0.0, 0.0]])
    assert choose(gains, (10, 11, 12, 13, 14, 15)) == ((10, 11, 14), (12, 13, 15))


@given(st.integers(1, 12), st.integers(0, 30), st.integers(0, 10**6))
def test_every_label_has_columns_of_its_own(labels, more, seed):
    from detector.training.label_columns import COLUMNS_A_LABEL, choose

    columns = range(100, 100 + labels + more)
    chosen = choose(np.random.default_rng(seed).random((labels, len(columns))), columns)
    given_out = [column for of_label in chosen for column in of_label]
    assert len(set(given_out)) == len(given_out)
    assert set(given_out) <= set(columns)
    assert {len(of_label) for of_label in chosen} == {min(COLUMNS_A_LABEL, len(columns) // labels)}
