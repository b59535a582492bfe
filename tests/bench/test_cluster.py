"""The faults of `make cluster`: how they are chosen, and what the bench says where it can't be played."""

import random
from collections import Counter

import pytest

from bench.chaos.chaos_room import CannotPlay
from bench.cluster import cluster_faults, hosts


def test_sixty_faults_have_each_kind_and_most_of_what_is_worst() -> None:
    chosen = Counter(cluster_faults.plan(60, random.Random(1)))
    assert chosen.total() == 60
    assert chosen.keys() == cluster_faults.KINDS.keys()
    assert chosen.most_common(1)[0][0] == "host cut off"


def test_it_says_in_plain_words_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts.os, "geteuid", lambda: 0)
    monkeypatch.setattr(hosts.shutil, "which", lambda program: None if program == "ip" else program)
    with pytest.raises(CannotPlay, match="ip must be installed"):
        hosts.check()
    monkeypatch.setattr(hosts.os, "geteuid", lambda: 1000)
    with pytest.raises(CannotPlay, match="need root"):
        hosts.check()
