from tests.broker import api, rendered_archive, rendered_dataset, system

__all__ = ["api", "rendered_archive", "rendered_dataset", "system"]
