"""Where channels that an organisation sets up may send: to the world, and inside only where it is allowed.

An administrator names the hosts; the server that sends to them stands in the operator's own network, whose
addresses they must not reach. A name is resolved once and that address is used, so that it cannot change
between the check and the connection.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from typing import Protocol

from backend.messages.channels import ChannelError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# IPv6 addresses that stand for an IPv4 one (RFC 6052).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Gate(Protocol):
    """Says at which address a host is reached."""

    def address_of(self, host: str, port: int) -> str:
        """Look a host up, which may wait; raises ChannelError for one that is not there or not allowed."""
        ...


class OpenGate:
    """Lets everything through: for what the operator has set up."""

    def address_of(self, host: str, port: int) -> str:
        return host


ANYWHERE = OpenGate()


class OuterGate:
    """Lets nothing through to inner addresses but `allowed`: hosts, addresses, networks (CIDR)."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._names: set[str] = set()
        self._networks: list[Network] = []
        for one in allowed:
            try:
                self._networks.append(ipaddress.ip_network(one, strict=False))
            except ValueError:
                self._names.add(one.strip().lower().rstrip("."))

    def address_of(self, host: str, port: int) -> str:
        found = _resolved(host, port)
        is_named = host.lower().rstrip(".") in self._names
        if not is_named and not all(self._is_allowed(one) for one in found):
            raise ChannelError("the address is inside the operator's network", is_final=True)
        return str(found[0])

    def _is_allowed(self, address: Address) -> bool:
        if any(address in network for network in self._networks):
            return True
        meant = _meant(address)
        return meant.is_global and not meant.is_multicast


async def looked_up(gate: Gate, host: str, port: int) -> str:
    """The same without holding up anybody else."""
    return await asyncio.to_thread(gate.address_of, host, port)


def _resolved(host: str, port: int) -> list[Address]:
    """Every address of a host, those of IPv4 first."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ChannelError("no such host", is_final=False) from error
    addresses = {ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found}
    return sorted(addresses, key=lambda one: (one.version, int(one)))


def _meant(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one that stands for it, else the address itself."""
    if address.version == 4:
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)
