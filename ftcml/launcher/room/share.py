"""`make share`: this laptop serves the room. Anyone in its network with an account can sign in."""

import os
import platform
import re
import shutil
import sys
from collections.abc import Sequence
from ipaddress import IPv4Network
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from ftcml.core import qr
from ftcml.launcher import demo
from ftcml.launcher.address import Address
from ftcml.launcher.refusals import CannotStart
from ftcml.launcher.room import address_changes, certificate, fingerprint, first_coach, own_addresses
from ftcml.launcher.room.own_addresses import OwnAddress
from ftcml.launcher.server import Say

EVERYWHERE = "0.0.0.0"  # noqa: S104 (a room is served on purpose)
THIS_MACHINE = ("localhost", "127.0.0.1")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
NO_NETWORK = (
    "This laptop isn't on a network that Chromebooks can join. Connect it to the room's Wi-Fi, or open a hotspot, and "
    "run make share again. If you know its address on the network, name it: FTCML_ROOM_HOSTS=192.168.1.20 make share"
)
TRUSTED_ROOM = "Only share in a room you trust: others on the network could read what is typed, even passwords."
ENCRYPTED_ROOM = (
    "Every browser warns once, because this laptop made the certificate itself. The room's page says how to continue. "
    "The certificate's SHA-256 fingerprint:"
)


class Room:
    """The doors of a laptop that serves a room. Raises CannotStart without a network."""

    def __init__(self, https: bool = False) -> None:
        if settings.HTTPS:
            raise CannotStart(
                "FTCML_HTTPS=1 is for a server behind an HTTPS proxy, and make share has no proxy. Run make share "
                "HTTPS=1 without FTCML_HTTPS, or use make run behind the proxy."
            )
        self._certificate = Path(settings.DATA_DIR) / "room" / "certificate-and-key.pem" if https else None
        self.address = Address(EVERYWHERE, settings.PORT, self._certificate)
        self._own = [] if settings.ROOM_HOSTS else own_addresses.found()
        hosts = settings.ROOM_HOSTS or _names_of(self._own)
        _check(hosts)
        self.addresses = [Address(host, settings.PORT, self._certificate) for host in hosts]

    def prepare(self, say: Say) -> None:
        """Make sure that a coach can sign in, and tell the children about the room. Raises CannotStart."""
        first_coach.ensure(first_coach.Terminal() if sys.stdin.isatty() else None, say)
        if self._certificate:
            hosts = [*(address.host for address in self.addresses), *THIS_MACHINE]
            certificate.ensure(self._certificate, hosts, timezone.now())
        os.environ.update(environment(self.addresses))

    def greet(self, say: Say) -> None:
        """Say at which address the room finds it, and from now on when that changes."""
        say(self._welcome(has_colors=sys.stdout.isatty()))
        if self._own:
            address_changes.watch([one.host for one in self._own], say)

    def _welcome(self, has_colors: bool) -> str:
        best = self.addresses[0]
        lines = [f"Serving at {best.url} (Ctrl-C stops everything)", "", "Open one of these on the Chromebooks:"]
        lines += [f"  {address.url}" for address in self.addresses]
        if has_colors:
            lines += ["", qr.for_terminal(best.url), ""]
        lines += [
            f"To project the address with its QR code, sign in as a coach here:  {self.address.url}/room/",
            "Add your students on the page People, and print their password slips.",
            *self._how_private(),
        ]
        if demo.accounts():
            lines.append("The demo accounts are closed while you share. make run opens them again.")
        return "\n".join([*lines, *if_it_cannot_be_opened(self.address.port, self._own)])

    def _how_private(self) -> list[str]:
        if self._certificate is None:
            return [TRUSTED_ROOM]
        return [ENCRYPTED_ROOM, *(f"  {line}" for line in fingerprint.lines(self._certificate))]


def environment(addresses: Sequence[Address]) -> dict[str, str]:
    """Return the environment of the children of `make share`: only these addresses, whatever else is set."""
    return {
        "ALLOWED_HOSTS": ",".join([*THIS_MACHINE, *(address.host for address in addresses)]),
        "CSRF_TRUSTED_ORIGINS": ",".join(address.url for address in addresses),
        "FTCML_ROOM_ADDRESSES": ",".join(address.url for address in addresses),
        "FTCML_ROOM_CERTIFICATE": str(addresses[0].certificate or ""),
        "FTCML_CLOSED_ACCOUNTS": ",".join(sorted(first_coach.closed_accounts())),
        "DEBUG": "0",
    }


def _check(hosts: Sequence[str]) -> None:
    """Raise CannotStart if there are no hosts, or if one could let in more than itself."""
    if not hosts:
        raise CannotStart(NO_NETWORK)
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise CannotStart(
                f"FTCML_ROOM_HOSTS has {host!r}, which isn't a name or address. Write 192.168.1.20 or laptop.local, "
                "without http:// and port. Put commas between several."
            )


def _names_of(own: Sequence[OwnAddress]) -> list[str]:
    hosts = [one.host for one in own]
    name = own_addresses.mdns_name()
    return [*hosts, name] if hosts and name else hosts


def if_it_cannot_be_opened(port: int, own: Sequence[OwnAddress]) -> list[str]:
    """Return what to check when a Chromebook can't open the address."""
    lines = ["If a Chromebook can't open it, check that it's on the same Wi-Fi, and not on the guest network."]
    if "microsoft" in platform.release().lower():
        lines.append("This is WSL2, which Chromebooks reach only through Windows. See docs/operators/share.md.")
    for one in own[:1]:
        lines += _firewall_commands(port, one.place.network)
    return lines


def _firewall_commands(port: int, network: IPv4Network) -> list[str]:
    """Return the commands that open the port to that network alone, for the firewalls of this machine."""
    commands = {
        "ufw": f"sudo ufw allow proto tcp from {network} to any port {port}",
        "firewall-cmd": f"sudo firewall-cmd --add-port={port}/tcp",
    }
    there = [command for program, command in commands.items() if shutil.which(program)]
    return [f"If this laptop's firewall blocks it, open the port:  {command}" for command in there]
