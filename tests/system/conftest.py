from tests.servers.whole_server import api, rendered_archive, rendered_dataset, system

__all__ = ["api", "rendered_archive", "rendered_dataset", "system"]
