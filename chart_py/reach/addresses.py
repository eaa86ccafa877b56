"""Sets of IP addresses, IPv4 and IPv6, as ranges: joined, cut and compared exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
    summarize_address_range,
)
from typing import Any

Range = tuple[int, int]
"""The first and the last address, as whole numbers."""


@dataclass(frozen=True)
class Addresses:
    """A set of addresses: for each family ranges in order that do not touch each other."""

    v4: tuple[Range, ...] = ()
    v6: tuple[Range, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.v4 or self.v6)

    def __or__(self, other: Addresses) -> Addresses:
        return Addresses(_joined((*self.v4, *other.v4)), _joined((*self.v6, *other.v6)))

    def __and__(self, other: Addresses) -> Addresses:
        return Addresses(_common(self.v4, other.v4), _common(self.v6, other.v6))

    def __sub__(self, other: Addresses) -> Addresses:
        return Addresses(_left(self.v4, other.v4), _left(self.v6, other.v6))

    def __le__(self, other: Addresses) -> bool:
        return not self - other

    def networks(self) -> Iterator[IPv4Network | IPv6Network]:
        """The fewest networks that make up the set."""
        for first, last in self.v4:
            yield from summarize_address_range(IPv4Address(first), IPv4Address(last))
        for first, last in self.v6:
            yield from summarize_address_range(IPv6Address(first), IPv6Address(last))


NONE = Addresses()


def _joined(ranges: Iterable[Range]) -> tuple[Range, ...]:
    out: list[Range] = []
    for first, last in sorted(ranges):
        if out and first <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], last))
        else:
            out.append((first, last))
    return tuple(out)


def _common(one: tuple[Range, ...], other: tuple[Range, ...]) -> tuple[Range, ...]:
    found = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return _joined((first, last) for first, last in found if first <= last)


def _left(one: tuple[Range, ...], other: tuple[Range, ...]) -> tuple[Range, ...]:
    """What of `one` is in no range of `other`."""
    out: list[Range] = []
    for first, last in one:
        for start, end in other:
            if end < first or last < start:
                continue
            if first < start:
                out.append((first, start - 1))
            first = end + 1
            if first > last:
                break
        if first <= last:
            out.append((first, last))
    return tuple(out)


@lru_cache(maxsize=4096)
def network(text: str) -> Addresses:
    """The addresses of a network in CIDR notation, or of one address. Raises ValueError where it is neither."""
    found = ip_network(text, strict=False)
    span = (int(found.network_address), int(found.broadcast_address))
    return Addresses(v4=(span,)) if found.version == 4 else Addresses(v6=(span,))


def networks(*texts: str) -> Addresses:
    """The addresses of several networks together. Raises ValueError where one is none."""
    found = NONE
    for text in texts:
        found |= network(text)
    return found


def is_address(text: str) -> bool:
    """Whether a text is one IPv4 or IPv6 address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def _block(cidr: str, excepted: tuple[str, ...]) -> Addresses:
    return network(cidr) - networks(*excepted)


def block(value: Any) -> Addresses:
    """The addresses of an `ipBlock`: its `cidr` without what it excepts. Raises ValueError where it is none."""
    if not isinstance(value, dict) or not isinstance(value.get("cidr"), str):
        raise ValueError("an ipBlock needs its cidr")
    excepted = value.get("except") or []
    if not isinstance(excepted, list) or not all(isinstance(each, str) for each in excepted):
        raise ValueError("except is a list of networks")
    if "/" not in value["cidr"] or not all("/" in each for each in excepted):
        raise ValueError("a network is written as 10.4.0.0/16")
    return _block(value["cidr"], tuple(excepted))


PRIVATE = networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
"""Private IPv4 addresses (RFC 1918)."""
PRIVATE_6 = network("fc00::/7")
"""Unique local IPv6 addresses, the private ones of IPv6."""
LINK_LOCAL = networks("169.254.0.0/16", "fe80::/10")
ALL = networks("0.0.0.0/0", "::/0")
METADATA = "169.254.169.254"
# What is neither public nor private: this host, loopback, multicast and reserved addresses.
_SPECIAL = networks("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3", "::/128", "::1/128", "ff00::/8")
# Carriers' addresses (RFC 6598), which clouds give to pods: neither private to the chart nor public.
_SHARED = network("100.64.0.0/10")
_PUBLIC = ALL - PRIVATE - PRIVATE_6 - LINK_LOCAL - _SPECIAL - _SHARED
INTERNET = Addresses(v4=_PUBLIC.v4)
"""Public IPv4 addresses."""
INTERNET_6 = network("2000::/3")
"""Public IPv6 addresses (global unicast)."""
