"""Which tests one worker of pytest-xdist runs together: those that share what is dear to make."""

from xdist.scheduler import LoadScopeScheduling

# Shared within a file, or within each file of a folder: trainings, models, a server of its own.
BY_FILE = (
    "tests/bench/test_benches.py",
    "tests/detector/",
    "tests/launcher/test_serve.py",
    "tests/training/worker/test_training_worker.py",
)
# Shared by several files: the detector of tests/detector/conftest.py with its files, the server of tests/system.
TOGETHER = {
    "tests/detector/evaluation/test_comparison.py": "exported",
    "tests/detector/export/test_tflite.py": "exported",
    "tests/detector/export/test_docs.py": "exported",
    "tests/detector/export/test_mediapipe.py": "exported",
    "tests/detector/export/test_metadata.py": "exported",
    "tests/detector/export/test_variants.py": "exported",
    "tests/detector/export/test_robot_program.py": "exported",
    "tests/pages/training/one_model/test_try_it.py": "exported",
    "tests/system/test_logs.py": "system",
    "tests/system/test_monitoring.py": "system",
    "tests/system/test_whole_system.py": "system",
}


def unit(test: str) -> str:
    """The name of what goes to a worker as a whole: several files, a file, or the test by itself."""
    file, _, _ = test.partition("::")
    return TOGETHER.get(file) or (file if file.startswith(BY_FILE) else test)


class OneWorkerForWhatIsShared(LoadScopeScheduling):
    """Gives out the large units first, and the many tests by themselves last, so that all workers end together."""

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)
