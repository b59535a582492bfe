"""Asks a server's API and pages, in a process with that server's settings: `python -m tests.databases.upgrade.ask`.

Reads {"token", "session", "addresses"} as JSON and prints {"answers": {address: answer}, "page": status}.
"""

import json
import sys

import django


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    asked = json.load(sys.stdin)
    api = Client(headers={"Authorization": f"Token {asked['token']}"})
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = asked["session"]
    answers = {address: api.get(address).json() for address in asked["addresses"]}
    print(json.dumps({"answers": answers, "page": browser.get("/models/").status_code}))


if __name__ == "__main__":
    main()
