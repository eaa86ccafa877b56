"""What `schema` prints, asked by a real YAML language server over a file with a mistake."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import IO, Any

import pytest

from chart_py.cli import main

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
SERVER = CACHE / "chart_py" / "language-server" / "node_modules" / ".bin" / "yaml-language-server"
TEXT = "# yaml-language-server: $schema=values.schema.json\nhub:\n  db:\n    tpye: mysql\n    type: nothing\n"


def send(to: IO[bytes], message: dict[str, Any]) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    to.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    to.flush()


def receive(source: IO[bytes]) -> dict[str, Any]:
    length = 0
    while line := source.readline().strip():
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    assert length, "the language server ended"
    answer: dict[str, Any] = json.loads(source.read(length))
    return answer


@pytest.mark.skipif(not SERVER.exists(), reason="no language server: run scripts/language-server (it needs npm)")
def test_an_editor_shows_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    (tmp_path / "values.schema.json").write_text(capsys.readouterr().out)
    file = tmp_path / "config.yaml"
    file.write_text(TEXT)
    command = ["node", str(SERVER.resolve()), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdin and server.stdout
        try:
            root = {"processId": os.getpid(), "rootUri": tmp_path.as_uri(), "capabilities": {}}
            send(server.stdin, {"id": 1, "method": "initialize", "params": root})
            send(server.stdin, {"method": "initialized", "params": {}})
            document = {"uri": file.as_uri(), "languageId": "yaml", "version": 1, "text": TEXT}
            send(server.stdin, {"method": "textDocument/didOpen", "params": {"textDocument": document}})
            while True:
                message = receive(server.stdout)
                if "id" in message and "method" in message:
                    # It asks for its settings; an editor that has none answers so.
                    send(
                        server.stdin, {"id": message["id"], "result": [{} for _ in message["params"].get("items", [])]}
                    )
                if message.get("method") == "textDocument/publishDiagnostics":
                    break
        finally:
            server.kill()
    said = [(d["range"]["start"]["line"], d["message"]) for d in message["params"]["diagnostics"]]
    assert sorted(line for line, _ in said) == [3, 4]
    assert any("tpye" in text for _, text in said)
