"""Owns what pods can have of the common machine types of AWS, Google Cloud and Azure: a type's size, and what the
cloud's kubelet keeps for itself, by the formulas that each cloud publishes; pure.

What a machine reports is a little less than its nominal memory, as firmware and kernel take some; that is an estimate.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_GIB, _MIB = 1 << 30, 1 << 20
_SIZES = {"medium": 1, "large": 2, "xlarge": 4}
# GiB for each core, by the first letter of AWS's families.
_AWS_RATIOS = {"m": 4.0, "r": 8.0, "c": 2.0}
_AWS_BURST = {"nano": 0.5, "micro": 1, "small": 2, "medium": 4, "large": 8, "xlarge": 16, "2xlarge": 32}
_AWS_BURST_PODS = {"nano": 4, "micro": 4, "small": 11, "medium": 17, "large": 35, "xlarge": 58, "2xlarge": 58}
# Pods for which a machine has addresses, by its cores; and for families with devices, GPUs and pods by size.
_AWS_PODS = ((2, 29), (8, 58), (48, 234))
_AWS_GPUS: dict[str, dict[str, tuple[int, int]]] = {
    "g4dn": {"xlarge": (1, 29), "2xlarge": (1, 29), "4xlarge": (1, 29), "8xlarge": (1, 58), "12xlarge": (4, 234)}
    | {"16xlarge": (1, 58)},
    "g5": {"xlarge": (1, 58), "2xlarge": (1, 58), "4xlarge": (1, 234), "8xlarge": (1, 234), "12xlarge": (4, 737)}
    | {"16xlarge": (1, 234), "24xlarge": (4, 737), "48xlarge": (8, 345)},
    "g6": {"xlarge": (1, 58), "2xlarge": (1, 58), "4xlarge": (1, 234), "8xlarge": (1, 234), "12xlarge": (4, 234)}
    | {"16xlarge": (1, 737), "24xlarge": (4, 737), "48xlarge": (8, 737)},
}
_GOOGLE_RATIOS = {
    "n1": {"standard": 3.75, "highmem": 6.5, "highcpu": 0.9},
    **{family: {"standard": 4.0, "highmem": 8.0, "highcpu": 1.0} for family in ("n2", "n2d", "e2")},
    "g2": {"standard": 4.0},
}
_GOOGLE_GPUS = {4: 1, 8: 1, 12: 1, 16: 1, 24: 2, 32: 1, 48: 4, 96: 8}
_AZURE_RATIOS = {"D": 4.0, "E": 8.0, "F": 2.0}
_AZURE_GPUS = {4: (28, 1), 8: (56, 1), 16: (110, 1), 64: (440, 4)}
_AZURE_CORES = ((1, 60), (2, 100), (4, 140), (8, 180), (16, 260), (32, 420), (64, 740))
_PODS = 110
# What the cloud's own pods on every node ask for: the network, the proxy, volumes, logs.
_ON_EVERY_NODE = {
    "aws": {"cpu": 180, "memory": 120 * _MIB, "pods": 4},
    "google": {"cpu": 350, "memory": 500 * _MIB, "pods": 7},
    "azure": {"cpu": 300, "memory": 400 * _MIB, "pods": 7},
}


class Machine(NamedTuple):
    """A machine type: its `cloud`, and what pods can have of it (`cpu` in thousandths, memory in bytes)."""

    cloud: str
    allocatable: dict[str, int]

    @property
    def used(self) -> dict[str, int]:
        """What the cloud's own pods on every node ask for."""
        return dict(_ON_EVERY_NODE[self.cloud])


def machine(name: str) -> Machine | None:
    """What a cloud calls `r5.xlarge`, `n2-highmem-4` or `Standard_D4s_v5`; None for a type that is not known."""
    for read in (_aws, _google, _azure):
        if found := read(name):
            return found
    return None


def _allocatable(cores: float, memory: int, reserved: tuple[int, int], pods: int, gpus: int) -> dict[str, int]:
    cpu, kept = reserved
    found = {"cpu": int(cores * 1000) - cpu, "memory": memory - kept - 100 * _MIB, "pods": pods}
    return {**found, "nvidia.com/gpu": gpus} if gpus else found


def _aws(name: str) -> Machine | None:
    found = re.fullmatch(r"([a-z]+\d[a-z-]*)\.(\d*)(nano|micro|small|medium|large|xlarge)", name)
    if not found:
        return None
    family, times, word = found.groups()
    size = times + word
    cores = _SIZES.get(word, 2) * int(times or 1)
    if family in ("t2", "t3", "t3a") and size in _AWS_BURST:
        cores, nominal = max(2, cores), _AWS_BURST[size]
        gpus, pods = 0, _AWS_BURST_PODS[size]
    elif family in _AWS_GPUS and size in _AWS_GPUS[family]:
        nominal = 4.0 * cores
        gpus, pods = _AWS_GPUS[family][size]
    elif re.fullmatch(r"[mrc]\d[a-z-]*", family) and word in _SIZES:
        nominal = _AWS_RATIOS[family[0]] * cores
        gpus, pods = 0, next((pods for most, pods in _AWS_PODS if cores <= most), 737)
    else:
        return None
    memory = int((nominal * (1 - 0.027) - 0.2) * _GIB)
    return Machine("aws", _allocatable(cores, memory, (_first_cores(cores), (255 + 11 * pods) * _MIB), pods, gpus))


def _google(name: str) -> Machine | None:
    found = re.fullmatch(r"([a-z]\d[a-z]?)-(standard|highmem|highcpu)-(\d+)", name)
    ratio = _GOOGLE_RATIOS.get(found[1], {}).get(found[2]) if found else None
    if found is None or ratio is None:
        return None
    cores = int(found[3])
    memory = int((ratio * cores * (1 - 0.013) - 0.2) * _GIB)
    gpus = _GOOGLE_GPUS.get(cores, 0) if found[1] == "g2" else 0
    return Machine("google", _allocatable(cores, memory, (_first_cores(cores), _by_steps(memory)), _PODS, gpus))


def _azure(name: str) -> Machine | None:
    gpu = re.fullmatch(r"Standard_NC(\d+)as_T4_v3", name)
    found = gpu or re.fullmatch(r"Standard_([DEF])(\d+)[a-z]*_v\d", name)
    if not found or (gpu and int(gpu[1]) not in _AZURE_GPUS):
        return None
    cores = int(found[1] if gpu else found[2])
    nominal, gpus = _AZURE_GPUS[cores] if gpu else (_AZURE_RATIOS[found[1]] * cores, 0)
    memory = int((nominal * (1 - 0.013) - 0.2) * _GIB)
    kept = min((20 * _PODS + 50) * 1_000_000, memory // 4)
    cpu = next((kept for most, kept in _AZURE_CORES if cores <= most), 740)
    return Machine("azure", _allocatable(cores, memory, (cpu, kept), _PODS, gpus))


def _first_cores(cores: int) -> int:
    """Thousandths of CPU that are kept on AWS and Google: 6 % of the first core, then 1, 0.5 and 0.25 %."""
    return int(60 + 10 * max(0, min(cores, 2) - 1) + 5 * max(0, min(cores, 4) - 2) + 2.5 * max(0, cores - 4))


def _by_steps(memory: int) -> int:
    """Bytes that Google keeps: 25 % of the first 4 GiB, 20 % of the next 4, 10 % of the next 8, 6 % of the next 112."""
    if memory < _GIB:
        return 255 * _MIB
    kept, below = 0.0, 0
    for upto, share in ((4, 0.25), (8, 0.2), (16, 0.1), (128, 0.06), (1 << 20, 0.02)):
        part = max(0, min(memory, upto * _GIB) - below)
        kept, below = kept + part * share, upto * _GIB
    return int(kept)
