"""Which variant is the default, and which are marked."""

from hypothesis import given
from hypothesis import strategies as st

from detector.contract.model_variants import VARIANTS, Agreement, Variant, choose


def variant(name: str, ap50: float | None, latency_ms: float = 10.0, size: int = 1000) -> Variant:
    split = "training" if ap50 is None else "evaluation"
    return Variant(name, f"{name}.tflite", size, latency_ms, ap50, ap50, ap50, ap50, split, 10, Agreement(0, 0, 0, 0))


measured = st.tuples(
    *(
        st.builds(
            variant,
            st.just(name),
            st.floats(0, 1),
            st.floats(0.1, 100).map(lambda value: round(value, 1)),
            st.integers(1, 9),
        )
        for name in VARIANTS
    )
)


@given(measured)
def test_the_default_is_the_fastest_that_loses_at_most_a_point(variants):
    chosen = choose(variants)
    (default,) = (each for each in chosen if each.is_default)
    reference = chosen[0]
    assert reference.ap50 - default.ap50 <= 0.01 + 1e-9
    for each in chosen:
        if reference.ap50 - each.ap50 <= 0.01:
            assert (default.latency_ms, default.size) <= (each.latency_ms, each.size)


@given(measured)
def test_who_loses_more_than_two_points_is_marked_and_never_the_default(variants):
    chosen = choose(variants)
    for each in chosen:
        loss = chosen[0].ap50 - each.ap50
        assert each.less_accurate == (loss > 0.02 + 1e-9)
        assert not (each.less_accurate and each.is_default)


def test_a_file_for_one_device_is_never_the_default():
    float32, limelight = variant("float32", 0.9), variant("limelight", 0.9, latency_ms=1)
    assert [each.is_default for each in choose([float32, limelight])] == [True, False]
    assert choose([float32, variant("limelight", 0.8)])[1].less_accurate


@given(measured)
def test_nothing_else_changes(variants):
    for before, after in zip(variants, choose(variants), strict=True):
        assert (before.name, before.ap50, before.size) == (after.name, after.ap50, after.size)


def test_a_loss_of_just_one_point_is_allowed_and_of_just_two_is_not_marked():
    float32, float16, _, int8 = choose(
        [variant("float32", 0.93), variant("float16", 0.92, 9), variant("dynamic", 0.93, 20), variant("int8", 0.91, 3)]
    )
    assert float16.is_default
    assert not float32.is_default
    assert not int8.less_accurate


def test_without_evaluation_frames_float32_is_the_default():
    chosen = choose([variant("float32", None, 10), variant("int8", None, 3)])
    assert [each.name for each in chosen if each.is_default] == ["float32"]
    assert not any(each.less_accurate for each in chosen)
