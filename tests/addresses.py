"""Every address of the server, from the URL configuration."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

# A part of a route that varies, as a path or as a regular expression has it.
_PART = r"<\w+:(\w+)>|\(\?P<(\w+)>.*\)\$"


@dataclass(frozen=True)
class Address:
    """`name`: of the endpoint, with its namespace. `parts`: the names of the parts of its path that vary."""

    name: str
    route: str
    parts: frozenset[str]

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/")

    def path(self, names: dict[str, object]) -> str:
        unknown = self.parts - set(names)
        assert not unknown, f"{self.name} has {unknown} in its path: tests/one_of_everything.py says nothing of it."
        if self.name.endswith(":"):  # some of the admin's have no name
            return "/" + re.sub(_PART, lambda part: str(names[part[1] or part[2]]), self.route)
        return reverse(self.name, kwargs={part: names[part] for part in self.parts})


def _walk(resolver: URLResolver, prefix: str = "", namespace: str = "") -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield Address(f"{namespace}{entry.name or ''}", route, _parts(entry))


def _parts(entry: URLPattern) -> frozenset[str]:
    return frozenset(entry.pattern.regex.groupindex)


EVERYWHERE = list(_walk(get_resolver()))
