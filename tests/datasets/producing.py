"""Imports in the process of the test, as a worker would do them in children of its own."""

from datasets.importing import import_leases, producing


def import_what_waits() -> None:
    """Do the waiting imports, one after the other, in the order in which workers take them."""
    while claimed := import_leases.claim_next():
        producing.produce_held(*claimed)
