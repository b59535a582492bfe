"""Ends well where the server on this machine says that it can do its work: `python scripts/is_ready.py`.

For a container's health check, so it uses the standard library alone.
"""

import os
import sys
import urllib.request

PATH = "/readyz"
SECONDS = 15


def main() -> None:
    """Raises URLError where nobody answers, or where the answer is that it cannot."""
    port = os.environ.get("FTCML_PORT", "8000")
    # The server answers to the names that it was given, which need not be those of the container.
    name = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip(" *") or "127.0.0.1"
    request = urllib.request.Request(f"http://127.0.0.1:{port}{PATH}", headers={"Host": name})
    directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a school's proxy doesn't know us
    with directly.open(request, timeout=SECONDS) as answer:
        sys.stdout.write(answer.read().decode())


if __name__ == "__main__":
    try:
        main()
    except OSError as problem:
        sys.exit(str(problem))
