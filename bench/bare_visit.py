"""Calls `make run` as a newcomer, signs in, waits for the sample dataset, stops it: `python3 bare_visit.py CHECKOUT`.

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

SERVING_SECONDS = 1200
SAMPLE_SECONDS = 120


def main(checkout: Path) -> None:
    began, before = time.monotonic(), received_bytes()
    server = subprocess.Popen(
        ["make", "run"],
        cwd=checkout,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    address = None
    assert server.stdout
    for line in server.stdout:
        if match := re.search(r"Serving at (http\S+)", line):
            address = match[1]
            break
        if time.monotonic() - began > SERVING_SECONDS:
            break
        sys.stdout.write(f"    {line}")
    if address is None:
        os.killpg(server.pid, signal.SIGKILL)
        sys.exit("It never served.")
    served = time.monotonic() - began
    browser = sign_in(address, *demo_coach(checkout))
    is_ready = sample_is_ready(browser, address)
    os.killpg(server.pid, signal.SIGINT)
    server.stdout.read()
    server.wait(60)
    print(
        f"  Python {sys.version.split()[0]}: serving after {served:.0f} s, "
        f"{(received_bytes() - before) / 1e6:.0f} MB received, {disk_bytes(checkout) / 1e9:.2f} GB on disk, "
        f"signed in, sample dataset {'there' if is_ready else 'MISSING'}, stopped with code {server.returncode}",
        flush=True,
    )
    sys.exit(not is_ready or server.returncode)


def demo_coach(checkout: Path) -> tuple[str, str]:
    """Return the name and the password that the first run printed and kept."""
    match = re.search(r"(demo-coach)\s+password (\S+)", (checkout / "var" / "demo_accounts.txt").read_text())
    assert match, "demo_accounts.txt names no coach"
    return match[1], match[2]


def sign_in(address: str, name: str, password: str) -> urllib.request.OpenerDirector:
    """Return a browser of a person who signed in."""
    cookies = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    browser.open(f"{address}/sign-in/", timeout=60).read()
    token = next(cookie.value for cookie in cookies if cookie.name == "csrftoken")
    form = {"username": name, "password": password, "csrfmiddlewaretoken": token}
    request = urllib.request.Request(f"{address}/sign-in/", urllib.parse.urlencode(form).encode())  # noqa: S310
    if "Sign out" not in browser.open(request, timeout=60).read().decode():
        sys.exit("Signing in did not work.")
    return browser


def sample_is_ready(browser: urllib.request.OpenerDirector, address: str) -> bool:
    """Return whether the sample dataset gets ready, which takes the broker and the default worker."""
    deadline = time.monotonic() + SAMPLE_SECONDS
    while time.monotonic() < deadline:
        if ">READY<" in browser.open(f"{address}/datasets/", timeout=60).read().decode():
            return True
        time.sleep(1)
    return False


def received_bytes() -> int:
    """Return what this machine received over its networks so far, loopback aside."""
    lines = Path("/proc/net/dev").read_text().splitlines()[2:]
    return sum(int(line.split(":")[1].split()[0]) for line in lines if not line.strip().startswith("lo:"))


def disk_bytes(checkout: Path) -> int:
    """Return what the packages and the data take on the disk, files with several names once."""
    files = {(s.st_dev, s.st_ino): s.st_blocks * 512 for p in checkout.rglob("*") if (s := p.lstat())}
    return sum(files.values())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
