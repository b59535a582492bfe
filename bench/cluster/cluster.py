"""Break what three hosts share, and judge what they make of it: `make cluster`.

The server's host has the pages, PostgreSQL, Redis and S3. Two others train. They are on this machine, each with a
network, a name, a data folder and an address of its own. Prints what `make chaos` prints.
"""

import argparse
import sys
from dataclasses import asdict
from functools import partial

from bench.chaos import chaos
from bench.chaos.chaos_room import CannotPlay, Outcome, Play
from bench.cluster import cluster_faults, hosts
from bench.cluster.cluster_room import ClusterRoom
from bench.cluster.services import Services
from bench.server import report
from bench.server.report import Target


def cluster(play: Play, has_tensorflow: bool) -> Outcome:
    with Services(play.folder) as services, ClusterRoom(play.folder, services, has_tensorflow) as room:
        return room.judged(cluster_faults.play(room, play.rng, play.kills))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the faults' kinds and moments (default: %(default)s)")
    parser.add_argument("--faults", type=int, default=60, help="how many; 12 for a try (default: %(default)s)")
    parser.add_argument("--tensorflow", action="store_true", help="train the tiny model, not with a stand-in for it")
    chosen = parser.parse_args()
    report.print_machine()
    try:
        hosts.check()
        hosts.become_the_server()
    except CannotPlay as reason:
        sys.exit(f"This can't be played here: {reason}.")
    played = [chaos.play("cluster", partial(cluster, has_tensorflow=chosen.tensorflow), chosen.seed, chosen.faults)]
    chaos.print_all(played)
    done = Target("faults", sum(played[0].outcome.faults.values()), "at least", chosen.faults)
    return report.finish(
        {"seed": chosen.seed, "cluster": [asdict(one) for one in played]}, [done, *chaos.promises(played)]
    )


if __name__ == "__main__":
    sys.exit(main())
