"""Where people log in: what routes, hosts and Services say, what DNS adds, and a way in where there is no other."""

from __future__ import annotations

from typing import Any

import pytest

from chart_py import context_for, load_values
from chart_py.cli.cluster import Where
from chart_py.cli.entrance_view import command, lines
from chart_py.cluster.fake import FakeCluster
from chart_py.context import Context
from chart_py.engine import dns
from chart_py.engine.entrance import Entrance, Way, entrances, read_entrances, with_dns
from chart_py.rendering import render

Json = dict[str, Any]
NOWHERE = Where(None, None, None, None, 0)
IP = "203.0.113.7"
GIVEN = {"ip": IP}


def hub(**config: Any) -> tuple[list[Json], Json]:
    """The objects of a hub, and the values that it is made of."""
    loaded = load_values([config])
    return render(loaded, context_for(loaded, Context())), config


def given(objects: list[Json], *addresses: Json, kind: str = "Service") -> list[Json]:
    """The objects, with addresses of a load balancer for the Ingress, or for the Service that is public."""
    status = {"loadBalancer": {"ingress": list(addresses)}}

    def is_meant(each: Json) -> bool:
        return bool(each["kind"] == kind and (kind == "Ingress" or each["metadata"]["name"] == "proxy-public"))

    return [{**each, "status": status} if is_meant(each) else each for each in objects]


HTTPS = {
    "enabled": True,
    "hosts": ["hub.example.org"],
    "type": "letsencrypt",
    "letsencrypt": {"contactEmail": "a@b.org"},
}
FORWARD = "kubectl -n jhub port-forward service/proxy-public 8080:80"


@pytest.mark.parametrize(
    ("config", "addresses", "found"),
    [
        ({}, (GIVEN,), [Entrance(f"http://{IP}/", Way.LOAD_BALANCER, (IP,))]),
        ({}, ({"hostname": "lb.aws"},), [Entrance("http://lb.aws/", Way.LOAD_BALANCER, ("lb.aws",))]),
        (
            {"hub": {"baseUrl": "/jupyter"}},
            (GIVEN,),
            [Entrance(f"http://{IP}/jupyter/", Way.LOAD_BALANCER, (IP,))],
        ),
        ({}, (), [Entrance("http://localhost:8080/", Way.FORWARD)]),
        ({"proxy": {"service": {"type": "ClusterIP"}}}, (), [Entrance("http://localhost:8080/", Way.FORWARD)]),
        ({"proxy": {"https": HTTPS}}, (GIVEN,), [Entrance("https://hub.example.org/", Way.HOSTS, (IP,))]),
        ({"proxy": {"https": HTTPS}}, (), [Entrance("https://hub.example.org/", Way.HOSTS)]),
        # Hosts of https that is off lead nowhere.
        (
            {"proxy": {"https": {"hosts": ["a.b"]}}},
            (GIVEN,),
            [Entrance(f"http://{IP}/", Way.LOAD_BALANCER, (IP,))],
        ),
        (
            {"httpRoute": {"enabled": True, "hostnames": ["hub.example.org"], "gateway": {"name": "g"}}},
            (GIVEN,),
            [Entrance("https://hub.example.org/", Way.ROUTE)],
        ),
    ],
)
def test_the_name_to_give_to_people(config: Json, addresses: tuple[Json, ...], found: list[Entrance]) -> None:
    objects, values = hub(**config)
    assert list(entrances(given(objects, *addresses), values).ways) == found


def test_an_ingress() -> None:
    ingress = {"enabled": True, "hosts": ["*.example.org", "hub.example.org"], "tls": [{"hosts": ["hub.example.org"]}]}
    objects, values = hub(ingress=ingress, hub={"baseUrl": "/jupyter/"})
    found = entrances(given(objects, {"ip": IP}, kind="Ingress"), values)
    assert found.urls == ("https://hub.example.org/jupyter/", "http://*.example.org/jupyter/")
    assert [each.name for each in found.ways] == ["hub.example.org", ""]
    assert found.ways[0].target == (IP,)
    anyone, values = hub(ingress={"enabled": True})
    assert entrances(given(anyone, {"ip": IP}, kind="Ingress"), values).urls == (f"http://{IP}/",)


def test_a_node_s_port() -> None:
    objects, values = hub(proxy={"service": {"type": "NodePort", "nodePorts": {"http": 30080}}})
    for each in objects:
        if each["metadata"]["name"] == "proxy-public" and each["kind"] == "Service":
            each["spec"]["ports"][0]["nodePort"] = 30080
    node = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": "n"},
        "status": {"addresses": [{"type": "InternalIP", "address": "10.0.0.5"}, {"type": "ExternalIP", "address": IP}]},
    }
    assert read_entrances(FakeCluster([*objects, node]), objects, values).urls == (f"http://{IP}:30080/",)
    assert read_entrances(FakeCluster(objects), objects, values).urls == ("http://NODE:30080/",)
    blind = FakeCluster([*objects, node], forbidden=[("list", "Node")])
    assert read_entrances(blind, objects, values).urls == ("http://NODE:30080/",)


@pytest.mark.parametrize(
    ("answers", "addresses", "said"),
    [
        ({"hub.example.org": (IP,)}, (GIVEN,), []),
        ({"hub.example.org": (IP, "2001:db8::1"), "lb.aws": (IP,)}, ({"hostname": "lb.aws"},), []),
        (
            {"hub.example.org": ()},
            (GIVEN,),
            [f"   hub.example.org has no DNS record: add one that leads to {IP}.", *["forward"]],
        ),
        (
            {"hub.example.org": ()},
            (),
            ["   hub.example.org has no DNS record: add one when the load balancer has an address.", *["forward"]],
        ),
        (
            {"hub.example.org": ("198.51.100.9",)},
            (GIVEN,),
            [
                f"   DNS leads hub.example.org to 198.51.100.9, but the cluster takes requests at {IP}: "
                "correct the record, unless a proxy or CDN stands in between.",
                *["forward"],
            ],
        ),
        (
            {"hub.example.org": None},
            (GIVEN,),
            [f"   DNS gave no answer about hub.example.org; it should lead to {IP}."],
        ),
    ],
)
def test_what_dns_has_to_say(answers: dict[str, Any], addresses: tuple[Json, ...], said: list[str]) -> None:
    objects, values = hub(proxy={"https": HTTPS})
    found = with_dns(entrances(given(objects, *addresses), values), lambda name: answers.get(name, ()))
    if said[-1:] == ["forward"]:
        said = [
            *said[:-1],
            "Until then, log in at https://localhost:8080/ while this runs:",
            "   kubectl -n jhub port-forward service/proxy-public 8080:443",
        ]
    assert lines(found, NOWHERE) == ["Log in at https://hub.example.org/", *said]


def test_addresses_are_nobody_s_names() -> None:
    objects, values = hub()

    def never(name: str) -> None:
        raise AssertionError(name)

    found = with_dns(entrances(given(objects, {"ip": IP}), values), never)
    assert lines(found, NOWHERE) == [f"Log in at http://{IP}/"]
    assert Entrance("http://[2001:db8::1]:8000/", Way.LOAD_BALANCER).name == ""


def test_a_way_in_where_there_is_no_other() -> None:
    objects, values = hub(proxy={"service": {"type": "ClusterIP"}})
    found = entrances(objects, values)
    assert lines(found, NOWHERE) == ["Log in at http://localhost:8080/ while this runs:", f"   {FORWARD}"]
    where = Where("my config", "prod", None, None, 0)
    assert found.forward is not None
    assert command(found.forward, where) == (
        "kubectl --kubeconfig 'my config' --context prod -n jhub port-forward service/proxy-public 8080:80"
    )


def test_nothing_is_said_of_what_is_no_hub() -> None:
    assert lines(entrances([], {}), NOWHERE) == []
    broken = {"hub": None, "proxy": {"https": {"hosts": "hub.example.org"}}}
    objects, _ = hub(proxy={"https": HTTPS})
    assert entrances(given(objects, {"ip": IP}), broken).urls == (f"https://{IP}/",)


def test_the_resolver_of_this_machine() -> None:
    assert "127.0.0.1" in (dns.resolve("localhost") or ())
    # Nobody may have such a name; without a network nobody answers.
    assert dns.resolve("hub.invalid") in ((), None)
    assert not dns.resolve("a..b")
