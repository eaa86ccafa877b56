"""Every image that users' pods may need, as containers that pull it and end."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from chart_py.context import Context
from chart_py.editions import Edition
from chart_py.manifest.checksum import checksum
from chart_py.resources.names import fitted
from chart_py.resources.pod import image_name
from chart_py.values.base import Map
from chart_py.values.parts import Image
from chart_py.values.root import Values


class Pull(NamedTuple):
    """One image to pull: what its container is called after `image-pull-`, the image, when it is pulled."""

    name: str
    image: str
    policy: str | None = None


def pulls(values: Values, edition: Edition) -> list[Pull]:
    """Every image to pull, in the chart's order; what a profile or container leaves open has no image of its own."""
    return [
        *_network_tools(values),
        Pull("singleuser", image_name(values.singleuser.image)),
        *_containers(values),
        *(_profiles(values, edition) if values.prePuller.pullProfileListImages else ()),
        *_extra(values, edition),
    ]


def containers(values: Values, edition: Edition) -> list[Map]:
    """The init containers that pull the images, each by running a shell of it that ends at once."""
    words = values.prePuller
    made: dict[str, Pull] = {}
    for pull in pulls(values, edition):
        made[container_name(pull, made)] = pull
    return [
        {
            "name": name,
            "image": pull.image,
            "imagePullPolicy": pull.policy,
            "command": ["/bin/sh", "-c", 'echo "Pulling complete"'],
            "resources": words.resources or None,
            "securityContext": words.containerSecurityContext or None,
        }
        for name, pull in made.items()
    ]


def images_checksum(values: Values, context: Context) -> str:
    """The checksum of the images and when they are pulled: it tells an upgrade whether there is something to pull.

    Names and order of the containers, their resources and rights do not count: nothing new is on the nodes for them.
    """
    return checksum(sorted({(pull.image, pull.policy or "") for pull in pulls(values, context.edition)}))


def hook_runs(values: Values, context: Context) -> bool:
    """Whether images are pulled before this upgrade: not where the last one's were the same."""
    hook = values.prePuller.hook
    if not hook.enabled:
        return False
    if not hook.pullOnlyOnChanges or context.pulled_images is None:
        return True
    return context.pulled_images != images_checksum(values, context)


def container_name(pull: Pull, taken: Map) -> str:
    """The name of a container that pulls; words that Kubernetes would refuse, or that is taken, end in a hash."""
    wanted = f"image-pull-{pull.name}"
    plain = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-")
    if re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", wanted) and wanted not in taken:
        return wanted
    mark = hashlib.sha256(f"{wanted} {pull.image}".encode()).hexdigest()[:8]
    return fitted(f"{plain[:54].rstrip('-')}-", mark)


def _network_tools(values: Values) -> Iterator[Pull]:
    tools = values.singleuser.networkTools.image
    if values.singleuser.cloudMetadata.blockWithIptables:
        yield Pull("metadata-block", image_name(tools), tools.pullPolicy or None)


def _containers(values: Values) -> Iterator[Pull]:
    own = values.singleuser
    for index, container in enumerate([*own.initContainers, *own.extraContainers]):
        if image := _text(container, "image"):
            yield Pull(f"singleuser-init-and-extra-containers-{index}", image)


def _profiles(values: Values, edition: Edition) -> Iterator[Pull]:
    """The images that profiles set, then those that people can choose within each profile."""
    choices = edition.has("pull-profile-options")
    for index, profile in enumerate(values.singleuser.profileList):
        if image := _text(profile, "kubespawner_override", "image"):
            yield Pull(f"singleuser-profilelist-{index}", image)
        for option, words in _sorted(profile, "profile_options") if choices else ():
            for choice, chosen in _sorted(words, "choices"):
                if image := _text(chosen, "kubespawner_override", "image"):
                    yield Pull(f"profile-{index}-option-{option}-{choice}", image)


def _extra(values: Values, edition: Edition) -> Iterator[Pull]:
    for name, words in sorted(values.prePuller.extraImages.items()):
        image = Image.of(name=_text(words, "name"), tag=_text(words, "tag"))
        if image.name:
            policy = _text(words, "pullPolicy") if edition.has("extra-images-pull-policy") else ""
            yield Pull(name, image_name(image), policy or None)


def _text(words: Any, *path: str) -> str:
    for step in path:
        words = words.get(step) if isinstance(words, dict) else None
    return "" if words is None else str(words)


def _sorted(words: Any, key: str) -> list[tuple[str, Any]]:
    inner = words.get(key) if isinstance(words, dict) else None
    return sorted((str(name), value) for name, value in inner.items()) if isinstance(inner, dict) else []
