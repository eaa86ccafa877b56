"""What `schema` prints, asked by a real YAML language server: mistakes, completion and descriptions, as editors do."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from chart_py.cli import main

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
SERVER = CACHE / "chart_py" / "language-server" / "node_modules" / ".bin" / "yaml-language-server"
MARK = "# yaml-language-server: $schema=values.schema.json\n"
MISTAKES = """\
hub:
  db:
    tpye: mysql
    type: nothing
  config:
    KubeSpawner:
      start_timeout: 5m
    CampusLogin:
      realm: anything
singleuser:
  profileList:
    - display_name: Large
      kubespawner_override:
        mem_limit: [2G]
        of_my_own_spawner: 1
"""
# Where `|` stands, an editor asks what may follow; where `?` stands behind a key, what it is.
COMPLETED = {
    "hub:\n  config:\n    GitHubOAuthenticator:\n      allow|": {"allowed_organizations", "allowed_users", "allow_all"},
    "singleuser:\n  profileList:\n    - displ|": {"display_name"},
    "singleuser:\n  profileList:\n    - display_name: A\n      profile_options:\n        a:\n          ch|": {
        "choices"
    },
    "singleuser:\n  profileList:\n    - display_name: A\n      kubespawner_override:\n        mem_|": {
        "mem_limit",
        "mem_guarantee",
    },
}
HOVERED = {
    "hub:\n  config:\n    KubeSpawner:\n      delete_stopped_pods?: true\n": "Whether to delete pods that have stopped",
    "singleuser:\n  profileList:\n    - display_name: A\n      slug?: a\n": "The profile's name in URLs",
    "hub:\n  loadRoles:\n    a:\n      scopes?: [self]\n": "What the role allows",
}
pytestmark = pytest.mark.skipif(
    not SERVER.exists(), reason="no language server: run scripts/language-server (it needs npm)"
)


class Editor:
    """One file open in an editor that talks to the language server."""

    def __init__(self, to: IO[bytes], source: IO[bytes], folder: Path) -> None:
        self.to, self.source = to, source
        self.uri = (folder / "config.yaml").as_uri()
        self.calls = self.version = 0
        self.ask("initialize", {"processId": os.getpid(), "rootUri": folder.as_uri(), "capabilities": {}})
        self.send({"method": "initialized", "params": {}})

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.to.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.to.flush()

    def receive(self) -> dict[str, Any]:
        """The next message that is not a question about the editor's settings, of which it has none."""
        while True:
            length = 0
            while line := self.source.readline().strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            assert length, "the language server ended"
            message: dict[str, Any] = json.loads(self.source.read(length))
            if "id" not in message or "method" not in message:
                return message
            self.send({"id": message["id"], "result": [{} for _ in message["params"].get("items", [])]})

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        self.calls += 1
        self.send({"id": self.calls, "method": method, "params": params})
        while (message := self.receive()).get("id") != self.calls:
            pass
        return message["result"]

    def open(self, text: str) -> list[dict[str, Any]]:
        """The mistakes in `text`, which becomes the file's."""
        self.version += 1
        document = {"uri": self.uri, "languageId": "yaml", "version": self.version, "text": MARK + text}
        self.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        while (message := self.receive()).get("method") != "textDocument/publishDiagnostics":
            pass
        found: list[dict[str, Any]] = message["params"]["diagnostics"]
        return found

    def at(self, method: str, text: str, mark: str) -> Any:
        """What the server answers about the place of `mark` in `text`."""
        before = (MARK + text).partition(mark)[0]
        self.open(text.replace(mark, ""))
        place = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        return self.ask(method, {"textDocument": {"uri": self.uri}, "position": place})


@contextmanager
def editor(folder: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Editor]:
    """An editor in a folder with the schema."""
    assert main(["schema"]) == 0
    (folder / "values.schema.json").write_text(capsys.readouterr().out)
    command = ["node", str(SERVER.resolve()), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdin and server.stdout
        try:
            yield Editor(server.stdin, server.stdout, folder)
        finally:
            server.kill()


def test_an_editor_shows_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with editor(tmp_path, capsys) as desk:
        said = [(d["range"]["start"]["line"], d["message"]) for d in desk.open(MISTAKES)]
    lines = MISTAKES.splitlines()
    assert sorted(lines[number - 1].split(":")[0].strip() for number, _ in said) == [
        "mem_limit",
        "start_timeout",
        "tpye",
        "type",
    ]
    assert any("tpye" in text for _, text in said)


def test_an_editor_completes_and_describes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with editor(tmp_path, capsys) as desk:
        for text, wanted in COMPLETED.items():
            answer = desk.at("textDocument/completion", text, "|")
            found = {item["label"] for item in (answer["items"] if isinstance(answer, dict) else answer)}
            assert wanted <= found, text
        for text, said in HOVERED.items():
            assert said in json.dumps(desk.at("textDocument/hover", text, "?")), text
