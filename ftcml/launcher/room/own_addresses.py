"""The addresses by which others in the same network reach this machine."""

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path
from typing import Any

import psutil

# Networks that exist inside this machine, and tunnels out of it: no Chromebook in the room is in one.
_INNER = ("br-", "cali", "cni", "docker", "flannel", "lxc", "lxd", "podman", "veth", "virbr", "vmnet", "vboxnet")
_TUNNELS = ("tailscale", "tap", "tun", "wg", "zt")
_WIRELESS = "wl"
# For documentation alone (RFC 5737): no machine has it, and asking for the way to it sends nothing.
_SOMEWHERE = ("203.0.113.1", 9)
_MDNS_RESPONDER = Path("/run/avahi-daemon/socket")


@dataclass(frozen=True)
class OwnAddress:
    """One address, with the network that it is in and the interface that has it."""

    interface: str
    place: IPv4Interface

    @property
    def host(self) -> str:
        return str(self.place.ip)


def found() -> list[OwnAddress]:
    """Return the addresses that others in this network can open, the best first; none without a network."""
    return best_first(usable(psutil.net_if_addrs(), psutil.net_if_stats()), _way_out())


def usable(addresses: Mapping[str, Sequence[Any]], states: Mapping[str, Any]) -> list[OwnAddress]:
    """Return the private IPv4 addresses of interfaces that are up and lead into a network.

    Both arguments are as psutil has them. A public address doesn't count: the whole world could come in.
    """
    return [
        OwnAddress(interface, IPv4Interface(f"{one.address}/{one.netmask or 32}"))
        for interface, all_of_it in addresses.items()
        if not interface.startswith((*_INNER, *_TUNNELS)) and interface in states and states[interface].isup
        for one in all_of_it
        if one.family == socket.AF_INET and one.ptp is None and _is_of_a_room(IPv4Address(one.address))
    ]


def _is_of_a_room(address: IPv4Address) -> bool:
    return address.is_private and not (address.is_loopback or address.is_link_local or address.is_unspecified)


def best_first(own: Sequence[OwnAddress], way_out: str) -> list[OwnAddress]:
    """Sort the addresses: first the one that this machine sends from, then wireless ones, as Chromebooks use Wi-Fi."""
    return sorted(own, key=lambda one: (one.host != way_out, not one.interface.startswith(_WIRELESS), one.place))


def _way_out() -> str:
    """Return the address that this machine sends from; "" without a route, as on a network without a router."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_SOMEWHERE)
        except OSError:
            return ""
        return probe.getsockname()[0]


def mdns_name() -> str:
    """Return this machine's name as others may type it, HOST.local; "" if nothing here answers to it."""
    label = socket.gethostname().partition(".")[0].lower()
    return f"{label}.local" if label and _MDNS_RESPONDER.exists() else ""
