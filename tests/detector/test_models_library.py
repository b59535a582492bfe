"""tf-models-official without the packages that it asks for and that nothing here needs."""

import ast
import importlib
from pathlib import Path

import pytest
from django.conf import settings

LIBRARY = ("official", "orbit")


def modules_in_use() -> list[str]:
    """The library's modules that the detector and its benches import."""
    found = set()
    for folder in ("detector", "bench"):
        for file in (Path(settings.BASE_DIR) / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in LIBRARY:
                    found.add(node.module)
                elif isinstance(node, ast.Import):
                    found |= {name.name for name in node.names if name.name.partition(".")[0] in LIBRARY}
    return sorted(found)


@pytest.mark.tensorflow
@pytest.mark.parametrize("module", modules_in_use())
def test_what_we_use_of_it_imports_with_the_packages_of_the_lock(module: str):
    importlib.import_module(module)


def test_the_detector_is_found_to_use_it():
    assert "official.vision.ops.box_matcher" in modules_in_use()
