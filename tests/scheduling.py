"""Which tests one worker of pytest-xdist runs together, and which begin first.

Together run those that share what is dear to make. First begins what takes longest: begun last, it would run alone.
"""

from xdist.scheduler import LoadScopeScheduling

# Shared within a file, or within each file of a folder: trainings, models, a server or an environment of its own.
BY_FILE = (
    "tests/bench/test_benches.py",
    "tests/detector/",
    "tests/launcher/room/test_share.py",
    "tests/launcher/test_external_broker.py",
    "tests/launcher/test_serve.py",
    "tests/requests/test_lost_files.py",
    "tests/scripts/test_set_up.py",
    "tests/training/worker/test_training_worker.py",
)
# Shared by all files of a folder.
BY_FOLDER = ("tests/serving/",)
# Shared by several files: the detector of tests/detector/conftest.py with its files, the server of tests/system.
TOGETHER = {
    "tests/detector/evaluation/test_comparison.py": "exported",
    "tests/detector/export/test_tflite.py": "exported",
    "tests/detector/export/test_docs.py": "exported",
    "tests/detector/export/test_mediapipe.py": "exported",
    "tests/detector/export/test_limelight.py": "exported",
    "tests/detector/export/test_metadata.py": "exported",
    "tests/detector/export/test_onnx.py": "exported",
    "tests/detector/export/test_variants.py": "exported",
    "tests/detector/export/test_robot_program.py": "exported",
    "tests/pages/training/one_model/test_try_it.py": "exported",
    "tests/training/proposals/test_real_model.py": "exported",
    "tests/system/test_logs.py": "system",
    "tests/system/test_monitoring.py": "system",
    "tests/system/test_whole_system.py": "system",
}


# What takes a minute or more, the longest first.
LONGEST = (
    "tests/databases/test_on_postgresql.py",
    "system",
    "tests/launcher/test_serve.py",
    "tests/detector/training/test_training.py",
    "exported",
    "tests/training/worker/test_training_worker.py",
    "tests/launcher/room/test_share.py",
    "tests/detector/training/test_more_training.py",
    "tests/detector/training/test_bad_input.py",
    "tests/detector/training/test_pyramids.py",
    "tests/detector/training/test_best_checkpoint.py",
    "tests/detector/weights/test_starting_models.py",
    "tests/launcher/test_external_broker.py",
    "tests/training/services/test_speed.py",
    "tests/serving/",
)


def unit(test: str) -> str:
    """Return what goes to a worker as a whole: several files, a folder, a file, or the test by itself."""
    file, _, _ = test.partition("::")
    if file in TOGETHER:
        return TOGETHER[file]
    folder = next((folder for folder in BY_FOLDER if file.startswith(folder)), None)
    return folder or (file if file.startswith(BY_FILE) else test)


def turn(test: str) -> int:
    """Return when a test begins, as a number to sort by: the longest, then what runs together, then all others."""
    file, _, _ = test.partition("::")
    for name in (unit(test), file):
        if name in LONGEST:
            return LONGEST.index(name)
    return len(LONGEST) + (unit(test) == test)


class OneWorkerForWhatIsShared(LoadScopeScheduling):
    """Gives out the units in the order in which the tests were collected, for which `turn` has sorted them."""

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)
