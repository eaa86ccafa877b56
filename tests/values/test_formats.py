"""How texts and numbers have to be written: for each format what passes and what does not, with the example given."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_py.errors import ValuesError
from chart_py.finding import Level, dotted
from chart_py.values import formats
from chart_py.values.load import load_values

GOOD: dict[str, list[Any]] = {
    "quantity": ["10Gi", "1.5Gi", "500m", 2, 0.5, "1e3", "100", None, "12E"],
    "memory": ["2G", "512M", 1073741824, ".5G", None],
    "cores": [0.5, 2, None],
    "labels": [{"a": "b", "example.org/team": "x.y_z-1", "user": "{username}", "e": ""}],
    "annotation_keys": [{"a.b/c": "anything at all: ünï", "{x}": ""}],
    "name": ["fast-ssd", "a.b", "", None],
    "hosts": [["hub.example.org", "localhost", "1.example"]],
    "wildcard_hosts": [["*.example.org"]],
    "node_port": [30080, None, 0],
    "ports": [["http", 22, "x-1"]],
    "addresses": [["203.0.113.7", "2001:db8::1"]],
    "networks": [["192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32", "10.0.0.1/8"]],
    "email": ["ops@example.org", "", None],
    "web_address": ["https://acme.example.org/directory", "http://[::1]:8000/x", None],
    "database": ["sqlite:///x.db", "postgresql+psycopg2://h@db/h", "$DB", None],
    "image_name": [
        "ubuntu",
        "quay.io/jupyterhub/k8s-hub",
        "localhost:5000/a/b_c",
        "R.example.org/a",
        "",
        "[::1]:5000/a",
    ],
    "image_tag": ["v1", "2026.11", "", None, "a@sha256:" + "0" * 64, "sha256:" + "0" * 64, "16.04"],
    "absolute": ["/a", "", None, "{x}"],
    "base_url": ["/", "/jupyter/"],
    "hexadecimal": ["ab" * 32, None],
    "variables": [{"A": "b", "x.y": {}}, [{"name": "A"}]],
    "priority": [10, -20, 1000000000],
    "files": [{"a": {"mountPath": "/x", "data": {}, "mode": 0o644}}],
}
# format: value, code, path below it, example
BAD: list[tuple[str, Any, str, tuple[Any, ...], str]] = [
    ("quantity", "10 GB", "quantity", (), "10Gi"),
    ("quantity", "lots", "quantity", (), "10Gi"),
    ("quantity", -1, "quantity", (), "10Gi"),
    ("memory", "2Gi", "memory", (), "2G"),
    ("memory", "2gb", "memory", (), "2G"),
    ("cores", "500m", "cores", (), "0.5"),
    ("cores", "2", "cores", (), "2"),
    ("resources", {"requests": {"memory": "1 G"}}, "quantity", ("requests", "memory"), "1Gi"),
    ("labels", {"a b": "c"}, "label", ("a b",), "example.org/team: data"),
    ("labels", {"a": "b c"}, "label", ("a",), "a: data"),
    ("labels", {"A_B/c": "d"}, "label", ("A_B/c",), "example.org/team: data"),
    ("annotation_keys", {"a/b/c": "d"}, "label", ("a/b/c",), "example.org/owner: ops"),
    ("name", "Fast_SSD", "name", (), "my-name"),
    ("name_part", "a.b", "name", (), "campus"),
    ("hosts", ["https://hub.example.org/x"], "host", (0,), "hub.example.org"),
    ("hosts", ["*.example.org"], "host", (0,), "hub.example.org"),
    ("hosts", [1], "host", (0,), "hub.example.org"),
    ("node_port", 80, "node-port", (), "30080"),
    ("node_port", 99999, "port", (), "8081"),
    ("ports", ["HTTP", 22, 0], "port", (0,), "8081"),
    ("addresses", ["1.2.3"], "address", (0,), "203.0.113.7"),
    ("networks", ["192.0.2.1"], "network", (0,), "192.0.2.1/32"),
    ("networks", ["192.0.2.0/33"], "network", (0,), "192.0.2.0/24"),
    ("families", ["ipv4"], "choice", (0,), "IPv4"),
    ("email", "ops", "email", (), "admin@example.org"),
    ("web_address", "static.example.org", "url", (), "https://static.example.org/"),
    ("database", "db.example.org", "url", (), "postgresql+psycopg2://hub@db.example.org:5432/hub"),
    ("image_name", "jupyter/x:v1", "image", (), "name: jupyter/x and tag: v1"),
    ("image_name", "https://quay.io/Jupyter/x", "image", (), "quay.io/jupyter/x"),
    ("image_name", "Jupyter/x", "image", (), "jupyter/x"),
    ("image_tag", "a b", "image", (), "2026-11-02"),
    ("image_tag", ":v1", "image", (), "v1"),
    ("absolute", "lab", "path", (), "/lab"),
    ("base_url", "https://x/y", "path", (), "/jupyter/"),
    ("base_url", "", "path", (), "/jupyter/"),
    ("hexadecimal", "xyz", "secret-not-hex", (), "the output of `openssl rand -hex 32`"),
    ("variables", {"A B": "c"}, "variable", ("A B",), "MY_SETTING"),
    ("variables", [{"value": "c"}], "variable", (0,), "{name: MY_SETTING, value: text}"),
    ("priority", 2000000000, "priority", (), "10"),
    ("files", {"a": {"data": {}}}, "file", ("a",), "mountPath: /etc/motd"),
    ("files", {"a": {"mountPath": "/x"}}, "file", ("a",), "stringData: welcome"),
    ("files", {"a": {"mountPath": "/x", "data": {}, "mode": 644}}, "file-mode", ("a", "mode"), "0644"),
    (
        "files",
        {"a": {"mountPath": "/x", "binaryData": "§"}},
        "file",
        ("a", "binaryData"),
        "the output of `base64 FILE`",
    ),
]


@pytest.mark.parametrize("name", GOOD)
def test_passes(name: str) -> None:
    for value in GOOD[name]:
        assert list(getattr(formats, name)(value)) == []


@pytest.mark.parametrize(("name", "value", "code", "path", "example"), BAD)
def test_does_not_pass(name: str, value: Any, code: str, path: tuple[Any, ...], example: str) -> None:
    fault = next(iter(getattr(formats, name)(value)))
    assert (fault.code, fault.path, fault.example) == (code, path, example)


@given(st.text(max_size=30))
def test_formats_of_text_take_any_text(text: str) -> None:
    for name in ("quantity", "memory", "cores", "name", "name_part", "host", "email", "web_address", "database"):
        list(getattr(formats, name)(text))
    for name in ("image_name", "image_tag", "absolute", "base_url", "hexadecimal", "address"):
        list(getattr(formats, name)(text))


TEXT = """\
singleuser:
  memory: {limit: 2Gi}
  startTimeout: 5m
hub:
  service: {ports: {nodePort: 80}}
  nodeSelector: {a b: c}
  cookieSecret: hunter2
"""


def test_findings_of_formats() -> None:
    with pytest.raises(ValuesError) as caught:
        load_values([io.StringIO(TEXT)])
    said = [
        (dotted(f.path), f.level, f.code, f.place and (f.place.line, f.place.column)) for f in caught.value.findings
    ]
    assert said == [
        ("singleuser.memory.limit", Level.ERROR, "memory", (2, 19)),
        ("singleuser.startTimeout", Level.ERROR, "wrong-type", (3, 17)),
        ("hub.service.ports.nodePort", Level.WARNING, "node-port", (5, 31)),
        ('hub.nodeSelector."a b"', Level.ERROR, "label", (6, 18)),
        ("hub.cookieSecret", Level.ERROR, "secret-not-hex", (7, 17)),
    ]
    assert "hunter2" not in str(caught.value)
    assert "   for example: startTimeout: 300" in str(caught.value).splitlines()
