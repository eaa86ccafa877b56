"""`Files`: where a repository's files are read from: the folder as it is now, or a commit, by git's plumbing."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from chart_py.errors import FileError, UsageError
from chart_py.values.load import read_text

SUFFIXES = (".yaml", ".yml")


class Files(Protocol):
    """Values files below a folder, by their paths relative to it."""

    def names(self) -> list[str]:
        """The YAML files right in the folder, sorted."""

    def texts(self, names: Sequence[str]) -> dict[str, str | FileError]:
        """The texts of these, or why one cannot be read."""

    def identity(self, name: str) -> str:
        """What two files have in common if, and only if, their content is the same."""


class OnDisk:
    """The files as they are now."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        try:
            return sorted(each.name for each in self.folder.iterdir() if each.suffix in SUFFIXES and each.is_file())
        except OSError as error:
            raise FileError(str(self.folder), error.strerror or str(error)) from None

    def texts(self, names: Sequence[str]) -> dict[str, str | FileError]:
        return {name: self._text(name) for name in names}

    def _text(self, name: str) -> str | FileError:
        try:
            return read_text(self.folder / name)
        except FileError as error:
            return error

    def identity(self, name: str) -> str:
        try:
            raw = (self.folder / name).read_bytes()
        except OSError as error:
            raise FileError(str(self.folder / name), error.strerror or str(error)) from None
        # What git calls the same content.
        return hashlib.sha1(b"blob %d\x00" % len(raw) + raw, usedforsecurity=False).hexdigest()


class AtCommit:
    """The files of a folder as a commit has them; the working tree is not looked at and not touched."""

    def __init__(self, folder: Path, reference: str) -> None:
        self.folder = folder
        # git takes a reference that begins with a dash for an option.
        self.commit = self._git(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}"
        ).strip()
        if not self.commit:
            raise UsageError(f"--since {reference}: no such commit, branch or tag in the repository around {folder}")
        self._below = self._git("rev-parse", "--show-prefix").strip()
        self._blobs = dict(self._listed())

    def names(self) -> list[str]:
        return sorted(name for name in self._blobs if name.endswith(SUFFIXES))

    def texts(self, names: Sequence[str]) -> dict[str, str | FileError]:
        # One process for all of them.
        asked = "".join(f"{self._blobs[name]}\n" for name in names)
        rest = self._run("cat-file", "--batch", given=asked.encode()) if names else b""
        found: dict[str, str | FileError] = {}
        for name in names:
            head, _, rest = rest.partition(b"\n")
            size = int(head.split()[2])
            raw, rest = rest[:size], rest[size + 1 :]
            try:
                found[name] = raw.decode("utf-8-sig")
            except UnicodeDecodeError:
                found[name] = FileError(f"{self.commit[:10]}:{self._below}{name}", "not valid UTF-8")
        return found

    def identity(self, name: str) -> str:
        return self._blobs.get(name, "")

    def _listed(self) -> list[tuple[str, str]]:
        listing = self._git(
            "ls-tree", "-z", "--full-tree", f"{self.commit}:{self._below}" if self._below else self.commit
        )
        found = []
        for line in listing.split("\0"):
            facts, tab, name = line.partition("\t")
            if tab and facts.split(" ")[1] == "blob":
                found.append((name, facts.split(" ")[2]))
        return found

    def _git(self, *arguments: str) -> str:
        return self._run(*arguments).decode(errors="surrogateescape")

    def _run(self, *arguments: str, given: bytes = b"") -> bytes:
        """What git prints; empty where it has no answer. Raises UsageError where there is no git, or no repository."""
        try:
            run = subprocess.run(
                ["git", "-C", str(self.folder), *arguments],
                input=given,
                capture_output=True,
                check=False,
                env={**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
            )
        except FileNotFoundError:
            raise UsageError("--since needs git, which is not installed here") from None
        said = run.stderr.decode(errors="replace").strip()
        if "not a git repository" in said or "cannot change to" in said:
            raise UsageError(f"--since needs a git repository around {self.folder}; there is none")
        if run.returncode and arguments[0] not in ("rev-parse", "ls-tree"):
            raise UsageError(f"git {arguments[0]}: {said.splitlines()[0] if said else 'failed'}")
        return run.stdout
