"""kubeconform as a subprocess: where it is found, how it is run, what its answer means."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from chart_py.checks.objects.schemas import Violation, folder
from chart_py.finding import Path as Pointer
from chart_py.manifest import Manifest

# It answers within a second; a machine under load gets a minute.
SECONDS = 60
_PIECE = re.compile(r"\s+- at '((?:[^']|'(?!: ))*)': ")


class KubeconformError(Exception):
    """kubeconform could not be run to its end: why, in words for a note."""


def find(environment: Mapping[str, str] = os.environ) -> str | None:
    """The path of kubeconform: `$KUBECONFORM`, on PATH, or where `scripts/control-plane` has built it."""
    if named := environment.get("KUBECONFORM"):
        return named
    if found := shutil.which("kubeconform", path=environment.get("PATH", "")):
        return found
    cache = Path(environment.get("XDG_CACHE_HOME") or Path(environment.get("HOME", "/")) / ".cache")
    built = sorted((cache / "chart_py" / "control-plane").glob("*/kubeconform"), key=lambda path: path.stat().st_mtime)
    return str(built[-1]) if built and os.access(built[-1], os.X_OK) else None


def violations(
    program: str, manifests: Sequence[Manifest], version: str, *, seconds: float = SECONDS
) -> list[Violation]:
    """What kubeconform finds in strict mode against the schemas of a Kubernetes version that ship with us.

    Raises KubeconformError where the program is missing, crashes, hangs, or answers what cannot be understood.
    """
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(manifests)})
    with folder(version) as schemas:
        location = f"{schemas}/{{{{ .ResourceKind }}}}{{{{ .KindSuffix }}}}.json"
        command = [program, "-strict", "-output", "json", "-schema-location", location, "-"]
        try:
            done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            raise KubeconformError(f"{program} did not answer within {seconds:g} s") from None
        except OSError as error:
            raise KubeconformError(f"{program} cannot be run: {error.strerror}") from None
    try:
        answer = json.loads(done.stdout)
        resources = answer.get("resources") or []
        if done.returncode not in (0, 1) or (done.returncode == 1 and not resources):
            raise ValueError
        return [found for resource in resources for found in _of_resource(resource, manifests)]
    except (ValueError, AttributeError, KeyError, TypeError):
        first = (done.stderr.strip().splitlines() or ["it said nothing"])[0][:200]
        raise KubeconformError(f"{program} failed with exit code {done.returncode}: {first}") from None


def _of_resource(resource: dict[str, Any], manifests: Sequence[Manifest]) -> list[Violation]:
    if resource["status"] in ("statusValid", "statusSkipped"):
        return []
    manifest = next(
        m
        for m in manifests
        if (m.get("kind"), m.get("apiVersion"), m["metadata"]["name"])
        == (resource["kind"], resource["version"], resource["name"])
    )
    message = resource["msg"]
    if resource["status"] == "statusError":
        return [Violation(manifest, (), message)]
    pieces = _PIECE.split(message)[1:]
    if not pieces:
        raise ValueError("no place in the message")
    return _joined(
        manifest, [(_pointer(at, manifest), said.strip()) for at, said in zip(pieces[::2], pieces[1::2], strict=True)]
    )


def _pointer(text: str, manifest: Manifest) -> Pointer:
    """A JSON pointer as a path; a number is an index where the object has a list."""
    out: list[str | int] = []
    here: Any = manifest
    for word in text.split("/")[1:]:
        word = word.replace("~1", "/").replace("~0", "~")
        step: str | int = int(word) if isinstance(here, list) and word.isdigit() else word
        out.append(step)
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
    return tuple(out)


def _joined(manifest: Manifest, said: list[tuple[Pointer, str]]) -> list[Violation]:
    """The leaves of kubeconform's tree of messages: groups go, and what is said of one field becomes one."""
    out: list[Violation] = []
    wants: dict[Pointer, tuple[str, list[str]]] = {}
    for pointer, message in said:
        if message == "validation failed" or message.startswith(("oneOf failed", "anyOf failed", "allOf failed")):
            continue
        if found := re.fullmatch(r"got (\w+), want (.*)", message):
            _, due = wants.setdefault(pointer, (found[1], []))
            due += [kind for kind in re.split(r", | or ", found[2]) if kind not in ("null", *due)]
        elif found := re.fullmatch(r"additional propert(?:ies|y) (.*) not allowed", message):
            names = re.findall(r"'((?:[^']|'(?!,|$))*)'", found[1])
            out += [Violation(manifest, (*pointer, name), "no such field", unknown=True) for name in names]
        elif found := re.fullmatch(r"missing propert(?:ies|y) (.*)", message):
            out.append(Violation(manifest, pointer, f"{found[1].replace(chr(39), '`')} is missing"))
        else:
            out.append(Violation(manifest, pointer, message))
    return out + [Violation(manifest, at, kinds(due, got)) for at, (got, due) in wants.items()]


_KINDS = {
    "object": "a map",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}


def kinds(due: Sequence[str], got: str) -> str:
    """A message about a value of a wrong kind, by JSON's names of kinds."""
    wanted = " or ".join(_KINDS.get(kind, kind) for kind in due)
    return f"expected {wanted}, got {_KINDS.get(got, got)}"
