"""From files and settings to `Loaded`: checked `Values`, the merged tree by the chart's names, and what was found."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import TextIOBase
from pathlib import Path as FilePath
from typing import IO, Any, TypeAlias

from chart_py.editions import DEFAULT, GUIDE, TODAY, Edition, edition
from chart_py.errors import FileError, UsageError, ValuesError
from chart_py.finding import Finding, Level, Path, in_order
from chart_py.values.base import tree_of
from chart_py.values.check import Check
from chart_py.values.document import MOST_BYTES
from chart_py.values.layer import Layer, Say, from_setting, from_text
from chart_py.values.merge import layered
from chart_py.values.modelled import modelled
from chart_py.values.old_settings import any_old
from chart_py.values.root import Values
from chart_py.values.sources import Sources

Tree = dict[str, Any]
UNKNOWN = frozenset({"not-filled-in", "encrypted"})
"""The codes that say why a value is unknown."""
Source: TypeAlias = str | FilePath | IO[str] | Mapping[str, Any] | Layer
"""Where values come from: a path (`-` is standard input), an open text, a dictionary, or what was read already."""


@dataclass(frozen=True)
class Loaded:
    """Values ready to be rendered.

    `values` are the checked sections, `tree` the same as plain data by the chart's names (without those that null
    removed), `sources` knows where each word stands, `findings` are those below the level of an error, `edition` is the
    chart version that they are for.
    `repr` shows no value: secrets are among them.
    """

    values: Values = field(repr=False)
    tree: Tree = field(repr=False)
    sources: Sources = field(default_factory=lambda: Sources(()), repr=False)
    findings: tuple[Finding, ...] = ()
    edition: Edition = DEFAULT


def load_values(
    files: Source | Iterable[Source] = (),
    *,
    settings: Sequence[str] = (),
    file_settings: Sequence[str] = (),
    chart_version: str = TODAY,
    release: str = "jhub",
    at: str = "",
) -> Loaded:
    """Read, merge and check values.

    `files` are paths, `-` for standard input, open texts, or dictionaries; `settings` are `path=value`, `file_settings`
    `path=file`. Later ones win, settings over files. `chart_version` says whose defaults they are laid over; words of
    older charts are understood whatever it is, and one of them (`singleuser.schedulerStrategy: spread`) becomes a rule
    that names the `release`. `at` is the key below which all files have the hub's values, as `binderhub.jupyterhub`.
    Raises FileError where a file cannot be read, UsageError for an unknown `chart_version`,
    ValuesError with all findings where something is wrong in the values.
    """
    edition(chart_version)
    layers, findings = _read(files, settings, file_settings, at)
    return from_layers(layers, chart_version=chart_version, release=release, findings=findings)


def read_layers(
    files: Source | Iterable[Source] = (),
    *,
    settings: Sequence[str] = (),
    file_settings: Sequence[str] = (),
    at: str = "",
) -> list[Layer]:
    """What `load_values` lays over the defaults, as it was read: whichever chart it is for. Raises as that does."""
    return _read(files, settings, file_settings, at)[0]


def _read(
    files: Source | Iterable[Source], settings: Sequence[str], file_settings: Sequence[str], at: str
) -> tuple[list[Layer], list[Finding]]:
    findings: list[Finding] = []
    layers = list(_layers(listed(files), settings, file_settings, findings.append, at))
    if any(f.level is Level.ERROR for f in findings):
        raise ValuesError(in_order(findings, [layer.name for layer in layers]))
    return layers, findings


def from_layers(
    layers: Sequence[Layer], *, chart_version: str = TODAY, release: str = "jhub", findings: Iterable[Finding] = ()
) -> Loaded:
    """Merge and check `layers`, the first one lowest. Raises ValuesError with all findings if one is an error."""
    return for_edition(layers, edition(chart_version), release=release, findings=findings)


def for_edition(
    layers: Sequence[Layer], own: Edition, *, release: str = "jhub", findings: Iterable[Finding] = ()
) -> Loaded:
    """What `from_layers` does, for an edition."""
    said = list(findings)
    default, untouched = _defaults(own)
    if own != DEFAULT or any(any_old(layer.tree) for layer in layers):
        from chart_py.values.old_meaning import translate

        found = translate(layers, untouched, said.append, edition=own, release=release)
        layers = [each.layer for each in found]
    sources = Sources(layers)
    tree = layered(untouched, [layer.tree for layer in layers])
    check = Check(sources, lambda finding: said.append(sources.in_own_words(finding)), own)
    values = check.section(Values, tree, default, untouched)
    said = in_order([each for each in said if _is_known(each, sources)], sources.files)
    if any(f.level is Level.ERROR for f in said):
        raise ValuesError(said)
    if values is not default:
        values = modelled(values, own)
        values._tree = tree
    return Loaded(values, tree, sources, tuple(said), own)


def _is_known(finding: Finding, sources: Sources) -> bool:
    """Whether something can be said: of a value that is not known yet, only that."""
    return finding.code in UNKNOWN or not sources.is_unknown(finding.path)


@cache
def _defaults(own: Edition) -> tuple[Values, Tree]:
    """The values of an edition as sections and as a tree; both are shared and never changed."""
    default = Values.of()
    tree = tree_of(default)
    if own == DEFAULT:
        return default, tree
    laid, read = _of_guide(tree) if own.version in GUIDE else _of_edition(own, tree)

    def refuse(finding: Finding) -> None:
        raise AssertionError(finding.text())

    values = modelled(Check(Sources(()), refuse, None).section(Values, read, default, tree), own)
    values._tree = laid
    return values, laid


def _of_guide(tree: Tree) -> tuple[Tree, Tree]:
    from chart_py.editions.guide import DEFAULTS

    laid = layered(tree, [DEFAULTS])
    return laid, laid


def _of_edition(own: Edition, models: Tree) -> tuple[Tree, Tree]:
    """The defaults that an edition shows, and those that builders read where it has no such setting."""
    from chart_py.editions import defaults

    laid = defaults.tree(own, models)
    return laid, defaults.read_instead(own, laid, models)


def listed(sources: Source | Iterable[Source]) -> list[Source]:
    """Sources as a list, whether there is one or several."""
    if isinstance(sources, (str, FilePath, Mapping, Layer)):
        return [sources]
    if isinstance(sources, (TextIOBase, IO)) or hasattr(sources, "read"):
        return [sources]  # type: ignore[list-item]
    return list(sources)


def _layers(
    files: Iterable[Source], settings: Sequence[str], file_settings: Sequence[str], say: Say, at: str = ""
) -> Iterable[Layer]:
    yield from _of_files([_layer(file, number, say) for number, file in enumerate(files, 1)], at, say)
    for setting in settings:
        if layer := from_setting(setting, say):
            yield layer
    for setting in file_settings:
        file_name = setting.partition("=")[2]
        text = read_text(file_name) if file_name else None
        if layer := from_setting(setting, say, text=text, flag="--set-file"):
            yield layer


def _of_files(read: Sequence[Layer], at: str, say: Say) -> Iterable[Layer]:
    """The hub's values in each file: at its top, or below `at`."""
    if at:
        from chart_py.values.place import below, steps

        found = [below(layer, steps(at), say) for layer in read]
        if read and not any(found):
            names = ", ".join(layer.name for layer in read)
            raise UsageError(f"--at {at}: nothing is there in {names}")
        yield from (layer for layer in found if layer)
        return
    for layer in read:
        if not layer.tree.keys() <= Values.__pydantic_fields__.keys():
            from chart_py.values.place import elsewhere, foreign

            if (finding := elsewhere(layer)) or (finding := foreign(layer)):
                say(finding)
            elif "kind" in layer.tree and "apiVersion" in layer.tree:
                say(_kubernetes_object(layer))
        yield layer


def _layer(file: Source, number: int, say: Say) -> Layer:
    if isinstance(file, Layer):
        return file
    if isinstance(file, Mapping):
        from chart_py.values.data_layer import from_data

        return from_data(file, f"<values {number}>", say)
    name = str(file) if isinstance(file, (str, FilePath)) else str(getattr(file, "name", "values"))
    return from_text(read_text(file), "<stdin>" if name == "-" else name, say)


def _kubernetes_object(layer: Layer) -> Finding:
    message = "a Kubernetes object, not the configuration of a hub"
    advice = ("Apply it with `kubectl apply -f`, or put it into hub.extraFiles if the hub has to read it.",)
    return Finding(Level.ERROR, "kubernetes-object", ("kind",), message, layer.place(("kind",)), advice)


def read_text(file: str | FilePath | IO[str]) -> str:
    """The text of a values file (`-` is standard input), at most 2 MB of UTF-8; raises FileError."""
    if not isinstance(file, (str, FilePath)):
        return file.read()
    name = "<stdin>" if str(file) == "-" else str(file)
    try:
        if name != "<stdin>":
            with FilePath(file).open("rb") as opened:
                raw = opened.read(MOST_BYTES + 1)
        elif sys.stdin is None:
            raise FileError(name, "standard input is closed")
        else:
            raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise FileError(name, getattr(error, "strerror", None) or str(error), _instead(name, error)) from None
    if len(raw) > MOST_BYTES:
        advice = "A hub's values are a few kilobytes; is this the right file?"
        raise FileError(name, f"larger than {MOST_BYTES // 1_000_000} MB", advice)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        advice = (
            "This is UTF-16, as PowerShell's `>` writes it; save it as UTF-8." if wide else "Save the file as UTF-8."
        )
        raise FileError(name, "not valid UTF-8", advice, line, column) from None


def _instead(name: str, error: OSError | ValueError) -> str:
    """What to write instead of a path that cannot be read: a file of that folder, or one that is named almost so."""
    path = FilePath(name)
    try:
        folder = path if isinstance(error, IsADirectoryError) else path.parent
        names = sorted(f.name for f in folder.iterdir() if f.suffix in (".yaml", ".yml"))
    except (OSError, ValueError):
        return ""
    if isinstance(error, IsADirectoryError):
        return f"Give a file, for example {path / names[0]}" if names else "Give a file; this folder has no .yaml file."
    if isinstance(error, FileNotFoundError):
        from difflib import get_close_matches

        # Two short names are alike by their suffix alone, so it does not count.
        stems = {name.rpartition(".")[0]: name for name in reversed(names)}
        near = get_close_matches(path.stem, stems, 1)
        return f"Did you mean {path.parent / stems[near[0]]}?" if near else ""
    return ""


def default_tree(path: Path = (), chart_version: str = TODAY) -> Any:
    """The default at `path` as plain data; None where there is none."""
    here: Any = _defaults(edition(chart_version))[1]
    for step in path:
        if not isinstance(here, dict) or step not in here:
            return None
        here = here[step]
    return here
