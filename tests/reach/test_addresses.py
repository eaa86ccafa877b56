"""Sets of addresses: the same as the addresses themselves, one by one, for IPv4 and IPv6."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_py.reach.addresses import INTERNET, NONE, PRIVATE, Addresses, block, is_address, network, networks

# Small networks around each other, so that they touch, overlap and hold each other.
FOUR = st.builds(lambda start, bits: f"10.0.0.{start}/{bits}", st.integers(0, 31), st.integers(26, 32))
SIX = st.builds(lambda start, bits: f"fd00::{start:x}/{bits}", st.integers(0, 31), st.integers(122, 128))
NETWORKS = st.lists(FOUR | SIX, max_size=5)


def members(texts: list[str]) -> set[Any]:
    return {address for text in texts for address in ip_network(text, strict=False)}


def each(found: Addresses) -> set[Any]:
    return {address for one in found.networks() for address in one}


@given(NETWORKS, NETWORKS)
def test_sets_are_those_of_their_addresses(one: list[str], other: list[str]) -> None:
    left, right = networks(*one), networks(*other)
    assert each(left) == members(one)
    assert each(left | right) == members(one) | members(other)
    assert each(left & right) == members(one) & members(other)
    assert each(left - right) == members(one) - members(other)
    assert (left <= right) is (members(one) <= members(other))
    assert bool(left) is bool(members(one))
    # Equal sets are equal, however they were put together.
    assert ((left | right) == (right | left)) and (left - right) | (left & right) == left


def test_families_are_apart() -> None:
    assert not network("::/0") & network("0.0.0.0/0")
    assert network("10.0.0.1") >= NONE


@pytest.mark.parametrize("text", ["8.8.8.8", "203.0.113.5", "1.1.1.1"])
def test_public_addresses(text: str) -> None:
    assert network(text) <= INTERNET


@pytest.mark.parametrize("text", ["10.1.2.3", "172.31.0.1", "169.254.169.254", "127.0.0.1", "100.64.1.1", "224.0.0.1"])
def test_what_is_not_the_internet(text: str) -> None:
    assert not network(text) & INTERNET


def test_private_ones_are_those_of_the_chart() -> None:
    assert [str(found) for found in PRIVATE.networks()] == ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]


def test_a_block_is_without_what_it_excepts() -> None:
    found = block({"cidr": "10.0.0.0/8", "except": ["10.4.0.0/16", "10.5.0.0/16"]})
    assert network("10.3.255.255") <= found
    assert not network("10.5.1.1") & found
    assert network("10.6.0.0") <= found
    assert block({"cidr": "10.0.0.0/8", "except": ["10.0.0.0/8"]}) == NONE


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"cidr": 10},
        {"cidr": "10.0.0.0/99"},
        {"cidr": "10.0.0.1"},
        {"cidr": "example.org/8"},
        {"cidr": "10.0.0.0/8", "except": "10.1.0.0/16"},
        {"cidr": "10.0.0.0/8", "except": ["10.1.0.0"]},
    ],
)
def test_what_is_not_a_block(value: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        block(value)


@pytest.mark.parametrize(("text", "expected"), [("10.0.0.1", True), ("::1", True), ("10.0.0.0/8", False), ("a", False)])
def test_one_address(text: str, expected: bool) -> None:
    assert is_address(text) is expected
    if expected:
        assert each(network(text)) == {ip_address(text)}
