"""The options by which a verb finds its cluster and its release, and what they open."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from chart_py.cli import suggestions
from chart_py.cli.screen import tell
from chart_py.cli.sources import Given
from chart_py.duration import seconds_of
from chart_py.errors import ChartError, ClusterError

if TYPE_CHECKING:
    from chart_py.engine.execute import World
    from chart_py.engine.opening import Address, Hub
    from chart_py.engine.progress import Observer
    from chart_py.engine.standing import Standing
    from chart_py.values.load import Loaded

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Where:
    """What `cluster_options` say: which cluster, which release, how much to tell."""

    kubeconfig: str | None
    context_name: str | None
    release: str | None
    namespace: str | None
    verbose: int


def cluster_options(function: F) -> F:
    """`--kubeconfig`, `--context`, `--release`, `--namespace`, `-v`, handed on as one word, `where`."""
    options = (
        click.option(
            "--kubeconfig",
            metavar="FILE",
            shell_complete=suggestions.file,
            help="The kubeconfig file. Default: $KUBECONFIG, ~/.kube/config, or the pod's own.",
        ),
        click.option(
            "--context", "context_name", metavar="NAME", help="The context of the kubeconfig. Default: its current one."
        ),
        click.option("--release", metavar="NAME", help="The release. Default: the only one there is, or jhub."),
        click.option("-n", "--namespace", metavar="NAME", help="The namespace. Default: the release's."),
        click.option("-v", "--verbose", count=True, help="Print more details; -vv prints each request."),
    )

    @functools.wraps(function)
    def packed(**words: Any) -> Any:
        found = Where(*(words.pop(name) for name in ("kubeconfig", "context_name", "release", "namespace", "verbose")))
        return function(where=found, **words)

    wrapped: Any = packed
    for option in reversed(options):
        wrapped = option(wrapped)
    made: F = wrapped
    return made


output_option = click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, JSON for programs.",
)
"""`--output text|json`."""


Ahead = Callable[[], "tuple[Hub, Standing]"]
"""Gives the hub, and how its release stands, once both are known."""


def opened(where: Where, observer: Observer | None = None) -> Hub:
    """Open the cluster that the options name, and find out which release is meant."""
    return opened_for(where, where.release, where.namespace, observer)


def opened_for(where: Where, release: str | None, namespace: str | None, observer: Observer | None = None) -> Hub:
    """Open the cluster that the options name, for this release."""
    from chart_py.engine.opening import chosen

    world, address = opened_world(where, observer)
    return chosen(world, address, release=release, namespace=namespace)


def opened_ahead(where: Where, observer: Observer | None = None) -> Ahead:
    """Begin to open the cluster and to read how the release stands; call the result to have both, or the error.

    Whoever has something else to do in between, such as loading values, does not wait for the network.
    """
    from concurrent.futures import Future
    from threading import Thread

    # All that the thread needs is imported before it begins: two threads that import wait for each other.
    from chart_py.engine.opening import chosen

    found: Future[tuple[Hub, Standing]] = Future()

    def standing(world: World, address: Address) -> tuple[Hub, Standing]:
        hub = chosen(world, address, release=where.release, namespace=where.namespace)
        return hub, hub.standing()

    def read(world: World, address: Address) -> None:
        try:
            found.set_result(standing(world, address))
        except BaseException as error:
            found.set_exception(error)

    try:
        world = opened_world(where, observer)
        if where.verbose > 1:
            # Each request is named: after what is said of the values, and not in between.
            return functools.cache(lambda: standing(*world))
        Thread(target=read, args=world, daemon=True).start()
    except ChartError as error:
        # What is wrong with the values is to be said first.
        found.set_exception(error)
    return found.result


def loaded_for(given: Given, ahead: Ahead) -> Loaded:
    """The values for the chart version that is named, or that the release is at, which is told.

    What is wrong with the values is said even where the cluster cannot be asked: then as today's chart has them.
    """
    from chart_py.cli.options import loaded
    from chart_py.engine.edition import chart_version

    try:
        standing = ahead()[1]
    except ClusterError:
        loaded(given)
        raise
    found = chart_version(standing, given.chart_version)
    if found.note:
        tell(f"note: {found.note}", err=True)
    return loaded(replace(given, chart_version=found.wanted))


def opened_world(where: Where, observer: Observer | None = None) -> tuple[World, Address]:
    """Open the cluster that the options name, and say where it is."""
    import gc

    from chart_py.engine.opening import connected

    def trace(method: str, url: str) -> None:
        click.echo(f"{method} {url.partition('?')[0]}", err=True)

    # A short command does without the collector; one that waits for a hub may last.
    gc.enable()
    world, address = connected(where.kubeconfig, where.context_name, observer, trace if where.verbose > 1 else None)
    if not address.is_verified:
        tell(
            f"warning: the identity of {address.server} is not verified (insecure-skip-tls-verify): whoever stands in "
            "between can read and change all that is sent, secrets too\n"
            "   Give the kubeconfig's cluster its certificate-authority instead.",
            err=True,
        )
    return world, address


if TYPE_CHECKING:
    _Seconds = click.ParamType[float]
else:
    # Older ones cannot be asked for their type.
    _Seconds = click.ParamType


class Time(_Seconds):
    """A duration as people and Go write it, `90s`, `10m`, `1h30m`, or plain seconds; its value is seconds."""

    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, (int, float)):
            return float(value)
        text = str(value)
        if re.fullmatch(r"\d+(\.\d+)?", text):
            return float(text)
        seconds = seconds_of(text)
        if seconds is None:
            self.fail(f"expected a duration such as 90s, 10m or 1h30m, got {text!r}", param, ctx)
        return seconds


timeout_option = click.option(
    "--timeout", type=Time(), default="10m", show_default=True, metavar="TIME", help="How long to wait: 90s, 10m, 1h."
)
"""`--timeout`, in seconds."""
lock_option = click.option(
    "--wait-for-lock",
    "patience",
    type=Time(),
    default="0s",
    metavar="TIME",
    help="How long to wait for another run on this release to end. Not given: do not wait.",
)
"""`--wait-for-lock`, in seconds, as `patience`."""
