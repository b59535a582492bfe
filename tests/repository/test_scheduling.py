"""Tests that share what is dear to make go to one worker."""

from django.conf import settings

from tests.scheduling import BY_FILE, TOGETHER, unit


def test_a_test_is_given_out_by_itself_with_its_file_or_with_several_files() -> None:
    assert unit("tests/accounts/test_token_api.py::test_one[a]") == "tests/accounts/test_token_api.py::test_one[a]"
    zoo = "tests/detector/weights/test_zoo.py"
    assert unit(f"{zoo}::test_one") == unit(f"{zoo}::ATest::test_two")
    assert unit("tests/system/test_logs.py::test_one") == unit("tests/system/test_monitoring.py::test_two") == "system"


def test_every_file_that_is_named_is_there() -> None:
    assert [name for name in (*BY_FILE, *TOGETHER) if not (settings.BASE_DIR / name).exists()] == []
