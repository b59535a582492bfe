"""Which tests one worker of pytest-xdist runs together: those that share what is dear to make."""

from xdist.scheduler import LoadScopeScheduling

# Shared within a file, or within each file of a folder: trainings, models, a server of its own.
BY_FILE = (
    "tests/bench/test_benches.py",
    "tests/detector/",
    "tests/run/test_serve.py",
    "tests/training/test_worker.py",
)
# Shared by several files: the detector of tests/detector/conftest.py with its exported files, the server of tests/run.
TOGETHER = {
    "tests/detector/test_comparison.py": "exported",
    "tests/detector/test_export.py": "exported",
    "tests/detector/test_export_docs.py": "exported",
    "tests/detector/test_export_mediapipe.py": "exported",
    "tests/detector/test_export_metadata.py": "exported",
    "tests/detector/test_export_variants.py": "exported",
    "tests/detector/test_robot_program.py": "exported",
    "tests/pages/test_try_it.py": "exported",
    "tests/run/test_logs.py": "system",
    "tests/run/test_monitoring.py": "system",
    "tests/run/test_whole_system.py": "system",
}


def unit(test: str) -> str:
    """The name of what goes to a worker as a whole: several files, a file, or the test by itself."""
    file, _, _ = test.partition("::")
    return TOGETHER.get(file) or (file if file.startswith(BY_FILE) else test)


class OneWorkerForWhatIsShared(LoadScopeScheduling):
    """Gives out the large units first, and the many tests by themselves last, so that all workers end together."""

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)
