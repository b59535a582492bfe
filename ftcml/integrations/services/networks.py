"""Which addresses this server may send to on a stranger's word: public ones, and what the operator allows."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings

Address = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")


def is_allowed(text: str, plain: bool = False) -> bool:
    """Return whether a message may go to this address. `plain`: without TLS, which is for this very machine alone."""
    try:
        address = _meant(ip_address(text.partition("%")[0]))
    except ValueError:
        return False
    if plain and not address.is_loopback:
        return False
    return _is_public(address) or any(address in network for network in _extra())


def is_private_literal(host: str) -> bool:
    """Return whether the host of an address is a number that nothing may be sent to: seen without asking for names."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return not is_allowed(host.strip("[]"))


def _meant(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one stands for, where it stands for one."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1]) or address


def _is_public(address: Address) -> bool:
    is_local = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not (address.is_multicast or address.is_reserved or is_local)


def _extra() -> list[IPv4Network | IPv6Network]:
    return [ip_network(text, strict=False) for text in settings.WEBHOOK_NETWORKS]
