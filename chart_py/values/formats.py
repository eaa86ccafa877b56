"""Texts and numbers that have to be written in a certain way: quantities, names, addresses, images, ports, keys.

Each format is a function from a value to what is wrong with it; the settings name theirs. They are
asked only for settings that a user has set, at every load, so patterns are compiled when they are first needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from chart_py import quantity as _quantity
from chart_py.finding import Level, Path
from chart_py.spelling import nearest


class Fault(NamedTuple):
    """What is wrong with a value: its code, `path` below the setting, what is expected and an example of it.

    `shown` is false where it is the key that is wrong, or something that is missing, and not the value. `flag` is the
    key below `path` that can be given a file on the command line.
    """

    code: str
    message: str
    example: str = ""
    path: Path = ()
    level: Level = Level.ERROR
    shown: bool = True
    flag: str = ""


Format = Callable[[Any], Iterator[Fault]]

_LABEL_VALUE = r"(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?"
_DNS_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DNS_NAME = rf"{_DNS_LABEL}(?:\.{_DNS_LABEL})*"
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
_PART = r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*"
_REGISTRY = rf"(?:localhost|(?={_HOST})[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|[a-z0-9.-]+(?=:))(?::\d+)?"
_IMAGE = rf"(?:(?:{_REGISTRY}|\[[0-9a-fA-F:]+\](?::\d+)?)/)?{_PART}(?:/{_PART})*"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"


# No name or address is longer; what is may take a pattern long to refuse.
_LONGEST = 1000


def _is(pattern: str, value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST and re.fullmatch(pattern, value) is not None


def quantity(value: Any) -> Iterator[Fault]:
    """A quantity of Kubernetes: `10Gi`, `500m`, `2`."""
    if value is not None and ((found := _quantity.amount(value)) is None or found < 0):
        yield Fault("quantity", "expected a quantity", _quantity.nearest_quantity(value) or "10Gi")


def memory(value: Any) -> Iterator[Fault]:
    """Memory as JupyterHub takes it: bytes, or a number and one of K, M, G, T, which count in 1024s."""
    if value is not None and _quantity.memory(value) is None:
        example = _quantity.nearest_memory(value) or "2G"
        yield Fault("memory", "expected memory as a number of bytes, or a number followed by K, M, G or T", example)


def cores(value: Any) -> Iterator[Fault]:
    """CPU as JupyterHub takes it: a number of cores."""
    if value is not None and not _quantity.is_number(value):
        example = _quantity.nearest_cores(value) or "0.5"
        yield Fault("cores", "expected CPU as a number of cores, without a unit or quotes", example)


def resources(value: Any) -> Iterator[Fault]:
    """A container's resources: requests and limits, each a map of quantities."""
    for part in ("requests", "limits"):
        if isinstance(inner := value.get(part), dict):
            yield from _below(part, quantities(inner))


def quantities(value: Any) -> Iterator[Fault]:
    """A map from a resource's name to its quantity."""
    for name, amount in value.items():
        if not isinstance(amount, (dict, list, bool)):
            yield from _below(name, quantity(amount))


def _below(step: str | int, faults: Iterator[Fault]) -> Iterator[Fault]:
    for fault in faults:
        yield fault._replace(path=(step, *fault.path))


def _key(key: str) -> str:
    """What is wrong with a label's or annotation's key; empty if nothing."""
    prefix, slash, name = key.rpartition("/")
    if not _is(_LABEL_VALUE, name) or not name:
        return "a key has at most 63 letters, digits, dashes, dots and underscores, optionally after a domain and /"
    if slash and (len(prefix) > 253 or not _is(_DNS_NAME, prefix)):
        return "a key has a lowercase domain name before its slash"
    return ""


def labels(value: Any) -> Iterator[Fault]:
    """Labels: keys such as `example.org/team`, values of at most 63 characters; templates in braces are left alone."""
    for key, text in value.items():
        if "{" not in key and (wrong := _key(key)):
            yield Fault("label", wrong, "example.org/team: data", (key,), shown=False)
        elif isinstance(text, str) and "{" not in text and not _is(_LABEL_VALUE, text):
            message = "expected a label value of at most 63 letters, digits, dashes, dots and underscores"
            yield Fault("label", message, f"{key}: data", (key,))


def annotation_keys(value: Any) -> Iterator[Fault]:
    """Annotations: keys as labels have them, values free."""
    for key in value:
        if "{" not in key and (wrong := _key(key)):
            yield Fault("label", wrong, "example.org/owner: ops", (key,), shown=False)


def name(value: Any) -> Iterator[Fault]:
    """The name of an object in the cluster."""
    if value and (len(str(value)) > 253 or not _is(_DNS_NAME, value)):
        yield Fault("name", "expected a name of lowercase letters, digits, dashes and dots", "my-name")


def name_part(value: Any) -> Iterator[Fault]:
    """A piece of objects' names."""
    if value and (len(value) > 40 or not _is(_DNS_LABEL + "-?", value)):
        yield Fault("name", "expected a name of at most 40 lowercase letters, digits and dashes", "campus")


def host(value: Any, *, wildcard: bool = False) -> Iterator[Fault]:
    """A host name."""
    text = value.removeprefix("*.") if wildcard and isinstance(value, str) else value
    if isinstance(text, str) and _is(_HOST, text) and len(text) <= 253:
        return
    found = re.match(r"(?:https?://)?([A-Za-z0-9.-]+)", text) if isinstance(text, str) else None
    example = found[1] if found and _is(_HOST, found[1]) else "hub.example.org"
    yield Fault("host", "expected a host name without https://, port or path", example)


def hosts(value: Any) -> Iterator[Fault]:
    """A list of host names."""
    for index, item in enumerate(value):
        yield from _below(index, host(item))


def wildcard_hosts(value: Any) -> Iterator[Fault]:
    """A list of host names, each of which may begin with `*.`."""
    for index, item in enumerate(value):
        yield from _below(index, host(item, wildcard=True))


def port(value: Any) -> Iterator[Fault]:
    """A port's number."""
    if value is not None and not 0 < value < 65536:
        yield Fault("port", "expected a port from 1 to 65535", "8081")


def node_port(value: Any) -> Iterator[Fault]:
    """A port of the nodes."""
    yield from port(value or None)
    if value and not 30000 <= value <= 32767 and 0 < value < 65536:
        message = "expected a node port from 30000 to 32767, the range of most clusters"
        yield Fault("node-port", message, "30080", level=Level.WARNING)


def ports(value: Any) -> Iterator[Fault]:
    """A list of ports' numbers or names."""
    for index, item in enumerate(value):
        number = isinstance(item, int) and not isinstance(item, bool) and 0 < item < 65536
        if not number and not (_is(r"[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?", item) and re.search("[a-z]", item)):
            yield Fault("port", "expected a port from 1 to 65535, or a port's lowercase name", "8081", (index,))


def address(value: Any) -> Iterator[Fault]:
    """An IP address."""
    if value:
        from ipaddress import ip_address

        try:
            ip_address(value)
        except ValueError:
            yield Fault("address", "expected an IP address", "203.0.113.7")


def addresses(value: Any) -> Iterator[Fault]:
    """A list of IP addresses."""
    for index, item in enumerate(value):
        yield from _below(index, address(item))


def networks(value: Any) -> Iterator[Fault]:
    """A list of networks in CIDR notation."""
    from ipaddress import ip_network

    for index, item in enumerate(value):
        try:
            if not isinstance(item, str) or "/" not in item:
                raise ValueError
            ip_network(item, strict=False)
        except ValueError:
            example = f"{item}/32" if _is(r"[\d.]+", item) else "192.0.2.0/24"
            yield Fault("network", "expected a network in CIDR notation", example, (index,))


def families(value: Any) -> Iterator[Fault]:
    """IP families."""
    for index, item in enumerate(value):
        if item not in ("IPv4", "IPv6"):
            yield Fault("choice", "expected one of IPv4, IPv6", "IPv4", (index,))


def one_of(*choices: str) -> Format:
    """One of a few words."""

    def check(value: Any) -> Iterator[Fault]:
        if value is not None and value not in choices:
            from chart_py.spelling import nearest

            near = nearest(str(value), choices)
            yield Fault("choice", f"expected one of {', '.join(choices)}", near[0] if near else choices[0])

    return check


def email(value: Any) -> Iterator[Fault]:
    """An e-mail address: something, an at sign, a host name with a dot."""
    if value and not (_is(rf"[^@\s]+@{_HOST}", value) and "." in value.rpartition("@")[2]):
        yield Fault("email", "expected an e-mail address", "admin@example.org")


def web_address(value: Any) -> Iterator[Fault]:
    """A URL with http or https."""
    if value and not _is(r"https?://(?:[^\s/@]+@)?(?:[A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])(?::\d+)?(?:[/?#]\S*)?", value):
        yield Fault("url", "expected a URL that starts with https:// or http://", "https://static.example.org/")


def database(value: Any) -> Iterator[Fault]:
    """SQLAlchemy's URL of a database; the guide's `$(NAME)` of an environment variable is left alone."""
    if value and not value.startswith("$") and not _is(r"[a-z0-9_]+(?:\+[a-z0-9_]+)?:/\S+", value):
        yield Fault("url", "expected a database URL", "postgresql+psycopg2://hub@db.example.org:5432/hub")


def image_name(value: Any) -> Iterator[Fault]:
    """An image's name without its tag."""
    if not value or "{" in value or _is(_IMAGE, value):
        return
    tagged = re.fullmatch(rf"({_IMAGE}):([\w][\w.-]{{0,127}})", value)
    if tagged:
        yield Fault("image", "expected an image name without its tag", f"name: {tagged[1]} and tag: {tagged[2]}")
    else:
        bare = re.sub(r"^[a-z]+://", "", value).lower().replace(" ", "")
        example = bare if _is(_IMAGE, bare) else "quay.io/jupyter/scipy-notebook"
        yield Fault("image", "expected an image name: lowercase letters, without https:// and spaces", example)


def image_reference(value: Any) -> Iterator[Fault]:
    """An image as a container names it: its name, with a tag, a digest or both behind it."""
    if not value or _is(rf"{_IMAGE}(?::[\w][\w.-]{{0,127}})?(?:@{_DIGEST})?", value):
        return
    bare = re.sub(r"^[a-z]+://", "", str(value)).lower().replace(" ", "")
    example = bare if _is(rf"{_IMAGE}(?::[\w][\w.-]{{0,127}})?", bare) else "quay.io/jupyter/scipy-notebook:2026-11-02"
    yield Fault("image", "expected an image: a lowercase name, and a tag after a colon", example)


def image_tag(value: Any) -> Iterator[Fault]:
    """An image's tag, and its digest behind an at sign."""
    if not value or "{" in value or _is(rf"[\w][\w.-]{{0,127}}(?:@{_DIGEST})?|@?{_DIGEST}", value):
        return
    example = value.lstrip(":") if _is(r":[\w][\w.-]*", value) else "2026-11-02"
    yield Fault("image", "expected a tag of letters, digits, dots, dashes and underscores", example)


def absolute(value: Any) -> Iterator[Fault]:
    """A path that starts with /."""
    if value and not value.startswith(("/", "{")):
        yield Fault("path", "expected a path that starts with /", "/" + value)


def base_url(value: Any) -> Iterator[Fault]:
    """A path on the hub's host."""
    if re.match(r"https?://", value):
        yield Fault("path", "expected only a path; the host is set elsewhere", "/jupyter/")
    else:
        yield from absolute(value or "jupyter/")


def hexadecimal(value: Any) -> Iterator[Fault]:
    """A secret that is decoded from hex."""
    if value and (not _is(r"[0-9a-fA-F]+", value) or len(value) % 2):
        yield Fault("secret-not-hex", "expected 64 hex digits", "the output of `openssl rand -hex 32`")


def variables(value: Any) -> Iterator[Fault]:
    """Environment variables: their names."""
    named = enumerate(value) if isinstance(value, list) else value.items()
    for step, item in named:
        variable = item.get("name", step) if isinstance(item, dict) else step
        if isinstance(variable, int):
            yield Fault(
                "variable",
                "a variable in a list needs a name",
                "{name: MY_SETTING, value: text}",
                (step,),
                shown=False,
            )
        elif not _is(r"[^\s=\x00-\x1f]+", variable):
            message = "a variable's name cannot contain whitespace or ="
            yield Fault("variable", message, "MY_SETTING", (step,), shown=False)


def code(value: Any) -> Iterator[Fault]:
    """Parts of the hub's Python: each is a text."""
    for key, text in value.items():
        if text is not None and not isinstance(text, str):
            message = "expected Python code as text"
            yield Fault("wrong-type", message, f"{key}: |  and the code below it, indented", (key,))


def priority(value: Any) -> Iterator[Fault]:
    """A pod's priority; larger ones belong to the cluster itself."""
    if not -2147483648 <= value <= 1000000000:
        yield Fault("priority", "expected a priority of at most 1000000000", "10")


def files(value: Any) -> Iterator[Fault]:
    """Files to mount: each an absolute path, one content, and a mode in octal."""
    for key, file in value.items():
        yield from _below(key, _file(file))


_FILE = ("mountPath", "data", "stringData", "binaryData", "mode")


def _file(file: Any) -> Iterator[Fault]:
    for key in file:
        if key not in _FILE:
            near = nearest(key, _FILE)
            message = "unknown key of a file" + (f"; did you mean {near[0]}?" if near else "")
            yield Fault("file", message, "" if near else ", ".join(_FILE), (key,), shown=False)
            if near[:1] == ["mountPath"]:
                return
    contents = [word for word in ("data", "stringData", "binaryData") if file.get(word) is not None]
    if not isinstance(file.get("mountPath"), str):
        yield Fault("file", "a file needs a mountPath", "mountPath: /etc/motd", shown=False)
    else:
        yield from _below("mountPath", absolute(file["mountPath"]))
    if len(contents) != 1:
        found = " and ".join(contents) or "none"
        message = f"a file needs exactly one of data, stringData, binaryData; found {found}"
        yield Fault("file", message, "stringData: welcome", shown=False, flag="" if contents else "stringData")
    mode = file.get("mode")
    if mode is not None and not (isinstance(mode, int) and not isinstance(mode, bool) and 0 <= mode <= 0o777):
        example = f"0{mode}" if _is(r"[0-7]{3}", str(mode)) else "0644"
        yield Fault("file-mode", "expected a mode of three octal digits after a zero", example, ("mode",))
    if isinstance(binary := file.get("binaryData"), str) and not re.fullmatch(r"[A-Za-z0-9+/\s]*={0,2}\s*", binary):
        yield Fault("file", "binaryData has to be base64", "the output of `base64 FILE`", ("binaryData",), shown=False)
