"""Owns the files of a pod's volumes, as a kubelet lays them out below a folder of the pod's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.end_to_end.pod_environment import Read, contents, field

Json = dict[str, Any]


@dataclass(frozen=True)
class Volumes:
    """Where a pod's volumes lie: its own below `folder`, those of claims below `claims`, by the volume's name.

    `read` gives an object of the pod's namespace, `token` a new token of its ServiceAccount.
    """

    pod: Json
    folder: Path
    claims: Path
    read: Read
    token: Callable[[Json], str]

    def mounts(self, container: Json) -> list[Json]:
        """What the container sees where: for the sandbox."""
        volumes = {volume["name"]: volume for volume in self.pod["spec"].get("volumes", [])}
        return [self._mount(volumes[mount["name"]], mount) for mount in container.get("volumeMounts", [])]

    def _mount(self, volume: Json, mount: Json) -> Json:
        source, read_only = self._lay_out(volume)
        if mount.get("subPath"):
            source = source / mount["subPath"]
            if not read_only:
                source.mkdir(parents=True, exist_ok=True)
        read_only = read_only or mount.get("readOnly", False)
        return {"source": str(source), "target": mount["mountPath"].rstrip("/"), "read_only": read_only}

    def _lay_out(self, volume: Json) -> tuple[Path, bool]:
        """The folder of a volume, and whether nobody may write to it."""
        if "persistentVolumeClaim" in volume:
            claim = self.read("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"])
            folder = self.claims / claim["spec"]["volumeName"]
            folder.mkdir(parents=True, exist_ok=True)
            return folder, False
        folder = self.folder / volume["name"]
        if folder.exists():
            return folder, "emptyDir" not in volume
        if "emptyDir" in volume:
            folder.mkdir(parents=True)
            return folder, False
        # Read first: where something is missing there is no folder, and the pod waits.
        files = self._files(volume)
        folder.mkdir(parents=True)
        for path, (content, mode) in files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            file.chmod(mode)
        return folder, True

    def _files(self, volume: Json) -> dict[str, tuple[bytes, int]]:
        if "configMap" in volume:
            return self._stored("ConfigMap", volume["configMap"]["name"], volume["configMap"])
        if "secret" in volume:
            return self._stored("Secret", volume["secret"]["secretName"], volume["secret"])
        [*sources] = volume["projected"]["sources"]
        made: dict[str, tuple[bytes, int]] = {}
        for source in sources:
            if "serviceAccountToken" in source:
                token = source["serviceAccountToken"]
                made[token["path"]] = (self.token(token).encode(), 0o600)
            elif "configMap" in source:
                made |= self._stored("ConfigMap", source["configMap"]["name"], source["configMap"])
            elif "secret" in source:
                made |= self._stored("Secret", source["secret"]["name"], source["secret"])
            else:
                for item in source["downwardAPI"]["items"]:
                    made[item["path"]] = (field(self.pod, item["fieldRef"]["fieldPath"], "").encode(), 0o644)
        return made

    def _stored(self, kind: str, name: str, words: Json) -> dict[str, tuple[bytes, int]]:
        texts, mode = contents(self.read(kind, name)), words.get("defaultMode", 0o644)
        if "items" not in words:
            return {key: (text, mode) for key, text in texts.items()}
        return {item["path"]: (texts[item["key"]], item.get("mode", mode)) for item in words["items"]}
