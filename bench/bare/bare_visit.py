"""A newcomer's first evening: `make run`, sign in, train, download, stop: `python3 bench/bare/bare_visit.py`.

Runs on a machine without our packages, so it uses the standard library alone.
"""

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

from bench.server.client import ENDED, Client, wait_until  # noqa: E402 -- found by the line above
from scripts.surroundings import disk_bytes  # noqa: E402

STEPS = 100
STOP_AT = 20
SAMPLE_SECONDS = 300
TRAINING_SECONDS = 900


def main() -> None:
    began, before = time.monotonic(), received_bytes()
    server = subprocess.Popen(
        ["make", "run"],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert server.stdout
    try:
        address = served_address(server.stdout)
        served = time.monotonic() - began
        sign_in(address, *demo_coach())
        learned = train(Client(address, *demo_coach()))
    except BaseException:
        os.killpg(server.pid, signal.SIGKILL)
        raise
    os.killpg(server.pid, signal.SIGINT)
    server.stdout.read()
    server.wait(60)
    print(
        f"  Python {sys.version.split()[0]}: serving after {served:.0f} s, "
        f"{(received_bytes() - before) / 1e6:.0f} MB received, {disk_bytes(CHECKOUT) / 1e9:.2f} GB on disk, signed in, "
        f"sample dataset there, trained {learned} steps, model downloaded, stopped with code {server.returncode}",
        flush=True,
    )
    # make dies of the Ctrl-C that it waited for the server with, unless it was started where that is ignored.
    sys.exit(0 if server.returncode == -signal.SIGINT else server.returncode)


def served_address(output: IO[str]) -> str:
    """Return the address that `make run` prints, and show what it prints before."""
    for line in output:
        if match := re.search(r"Serving at (http\S+)", line):
            return match[1]
        print(f"    {line}", end="", flush=True)
    sys.exit("It never served.")


def train(api: Client) -> int:
    """Train on the sample dataset, stop, download the model, and return the steps that it has learned."""
    (dataset,) = wait_until(lambda: api.get("datasets/")["results"], bool, SAMPLE_SECONDS)
    dataset = api.wait_for_dataset(dataset["id"], SAMPLE_SECONDS)
    assert dataset["state"] == "READY", dataset
    job = api.start(dataset["id"], "SSD MobileNet v2 320x320", STEPS, "first try")
    api.wait_for_job(job, lambda job: steps(job) >= STOP_AT or job["state"] in ENDED, TRAINING_SECONDS)
    api.stop(job)
    ended = api.wait_for_model(job, TRAINING_SECONDS)
    with TemporaryDirectory() as folder:
        assert api.download_model(job, Path(folder) / "model.tflite").read_bytes()[4:8] == b"TFL3"
    return int(ended["steps_completed"])


def steps(job: dict[str, Any]) -> int:
    """Return how far a job in training is."""
    return int((job["live"] or {"step": 0})["step"])


def demo_coach() -> tuple[str, str]:
    """Return the name and the password that the first run printed and kept."""
    match = re.search(r"(demo-coach)\s+password (\S+)", (CHECKOUT / "var" / "demo_accounts.txt").read_text())
    assert match, "demo_accounts.txt names no coach"
    return match[1], match[2]


def sign_in(address: str, name: str, password: str) -> None:
    """Sign in on the page, as a person does."""
    cookies = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    browser.open(f"{address}/sign-in/", timeout=60).read()
    token = next(cookie.value for cookie in cookies if cookie.name == "csrftoken")
    form = {"username": name, "password": password, "csrfmiddlewaretoken": token}
    request = urllib.request.Request(f"{address}/sign-in/", urllib.parse.urlencode(form).encode())  # noqa: S310
    if "Sign Out" not in browser.open(request, timeout=60).read().decode():
        sys.exit("Signing in did not work.")


def received_bytes() -> int:
    """Return what this machine received over its networks so far, loopback aside."""
    lines = Path("/proc/net/dev").read_text().splitlines()[2:]
    return sum(int(line.split(":")[1].split()[0]) for line in lines if not line.strip().startswith("lo:"))


if __name__ == "__main__":
    main()
