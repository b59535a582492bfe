"""By which addresses a room reaches this machine: pure rules on what psutil says, and a look at this machine itself."""

from ipaddress import IPv4Interface, ip_address

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftcml.launcher.room import address_changes, own_addresses
from ftcml.launcher.room.own_addresses import OwnAddress, best_first, usable

# The types that psutil itself makes.
Nic, State = type(psutil.net_if_addrs()["lo"][0]), type(psutil.net_if_stats()["lo"])
INET, INET6 = 2, 10


def nic(address: str, netmask: str = "255.255.255.0", family: int = INET, ptp: str | None = None):
    return Nic(family, address, netmask, None, ptp)


def state(isup: bool = True):
    return State(isup, 0, 0, 1500, "")


def hosts(interface: str, *nics, isup: bool = True) -> list[str]:
    return [own.host for own in usable({interface: nics}, {interface: state(isup)})]


@pytest.mark.parametrize(
    ("interface", "address"),
    [
        ("wlp2s0", "192.168.1.20"),
        ("eth0", "10.4.250.7"),
        ("enp0s31f6", "172.16.0.9"),
        ("wlan0", "192.168.43.1"),  # the laptop's own hotspot
        ("br0", "192.168.1.20"),  # a bridge over a real card
    ],
)
def test_private_addresses_of_a_network_beside_the_machine_are_shared(interface, address):
    assert hosts(interface, nic(address)) == [address]


@pytest.mark.parametrize(
    ("interface", "address"),
    [
        ("lo", "127.0.0.1"),
        ("docker0", "172.17.0.1"),
        ("br-1f0e9c7a", "172.18.0.1"),
        ("veth12ab", "172.17.0.3"),
        ("virbr0", "192.168.122.1"),
        ("wg0", "10.8.0.2"),
        ("tailscale0", "10.100.0.1"),
        ("wlan0", "169.254.7.7"),  # given by nobody
        ("wlan0", "8.8.8.8"),  # the whole world would be in that room
        ("eth0", "100.115.92.2"),  # behind a provider's or a Chromebook's own translation
    ],
)
def test_others_are_not(interface, address):
    assert hosts(interface, nic(address)) == []


def test_a_card_that_is_off_or_a_tunnel_with_another_end_is_not():
    assert hosts("eth0", nic("10.0.0.5"), isup=False) == []
    assert hosts("ppp0", nic("10.0.0.5", ptp="10.0.0.1")) == []
    assert usable({"eth0": [nic("10.0.0.5")]}, {}) == []


def test_only_ipv4_is_shared():
    own = nic("192.168.1.20")
    assert hosts("wlan0", nic("fe80::1%wlan0", "ffff::", INET6), own, nic("fd00::2", "ffff::", INET6)) == [own.address]


ADDRESSES = st.one_of(
    st.ip_addresses(v=4),
    st.ip_addresses(v=4, network="192.168.0.0/16"),
    st.ip_addresses(v=4, network="10.0.0.0/8"),
    st.ip_addresses(v=4, network="127.0.0.0/8"),
)
INTERFACES = st.sampled_from(["wlan0", "eth0", "enp3s0", "docker0", "veth1", "tun0", "lo"])


@given(st.dictionaries(INTERFACES, st.lists(ADDRESSES, max_size=3)), st.sets(INTERFACES))
def test_whatever_a_machine_has_what_is_shared_is_its_own_private_and_up(have, up):
    nics = {interface: [nic(str(address)) for address in addresses] for interface, addresses in have.items()}
    found = usable(nics, {interface: state(interface in up) for interface in have})

    for own in found:
        assert own.interface in up & {"wlan0", "eth0", "enp3s0", "lo"}
        assert ip_address(own.host) in have[own.interface]
        assert own.place.ip.is_private
        assert not own.place.ip.is_loopback


OWN = st.builds(OwnAddress, INTERFACES, ADDRESSES.map(lambda address: IPv4Interface(f"{address}/24")))


@given(st.lists(OWN, unique=True), st.data())
def test_the_way_out_is_the_best_and_then_the_wireless_ones(own, data):
    way_out = data.draw(st.sampled_from(["", *(one.host for one in own)]))
    ordered = best_first(own, way_out)

    assert sorted(ordered, key=str) == sorted(own, key=str)
    ranks = [(one.host != way_out, not one.interface.startswith("wl")) for one in ordered]
    assert ranks == sorted(ranks)


def test_this_machine_is_looked_at_itself():
    every_address = {one.address for nics in psutil.net_if_addrs().values() for one in nics}
    assert {own.host for own in own_addresses.found()} <= every_address


def test_a_change_of_network_is_said_once_and_a_return_or_a_second_network_is_not():
    looks = [["192.168.1.20"], [], [], ["10.0.0.5"], ["192.168.1.20"], ["192.168.1.20", "10.0.0.5"], []]

    without, elsewhere, without_again = address_changes.changes(["192.168.1.20"], looks)

    assert "is now at no address" in without
    assert "was at 192.168.1.20, and is now at 10.0.0.5. Stop make share with Ctrl-C" in elsewhere
    assert without_again == without
