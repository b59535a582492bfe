"""Tests that share what is dear to make go to one worker."""

from django.conf import settings

from tests.scheduling import BY_FILE, BY_FOLDER, LONGEST, TOGETHER, turn, unit


def test_a_test_is_given_out_by_itself_with_its_file_or_with_several_files() -> None:
    assert unit("tests/accounts/test_token_api.py::test_one[a]") == "tests/accounts/test_token_api.py::test_one[a]"
    zoo = "tests/detector/weights/test_zoo.py"
    assert unit(f"{zoo}::test_one") == unit(f"{zoo}::ATest::test_two")
    assert unit("tests/serving/test_front.py::test_one") == unit("tests/serving/test_sign_ins.py::test_two")
    assert unit("tests/system/test_logs.py::test_one") == unit("tests/system/test_monitoring.py::test_two") == "system"


def test_the_longest_begin_first_and_what_is_given_out_by_itself_comes_last() -> None:
    begun = [
        "tests/databases/test_on_postgresql.py::test_one",
        "tests/system/test_logs.py::test_one",
        "tests/detector/training/test_training.py::ATest::test_one",
        "tests/training/services/test_speed.py::test_one",
        "tests/detector/weights/test_zoo.py::test_one",
        "tests/accounts/test_ledger.py::test_one",
        "tests/training/test_states.py::test_one",
    ]
    assert sorted(begun[-2::-1], key=turn) == begun[:-1]
    assert turn(begun[-1]) == turn(begun[-2])


def test_every_file_that_is_named_is_there() -> None:
    named = {*BY_FILE, *BY_FOLDER, *TOGETHER, *LONGEST} - set(TOGETHER.values())
    assert [name for name in named if not (settings.BASE_DIR / name).exists()] == []
