"""The pipeline from loaded values to the objects of a release, as a list of named stages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from chart_py.context import Context
from chart_py.credentials import complete, new_token, resolve
from chart_py.errors import ValuesError
from chart_py.finding import Finding, Level, Path, in_order
from chart_py.manifest import Manifest
from chart_py.manifest.clean import clean
from chart_py.manifest.order import in_install_order
from chart_py.resources import BUILDERS
from chart_py.resources.templates import TemplateError, expanded
from chart_py.values.load import Loaded


@dataclass
class Rendering:
    """What the stages hand on: the input, the findings so far, and the objects."""

    loaded: Loaded
    context: Context
    findings: list[Finding] = field(default_factory=list)
    manifests: list[Manifest] = field(default_factory=list)


def check_templates(rendering: Rendering) -> None:
    """Braces in the words that can contain them say something that can be filled in."""
    values = rendering.loaded.values
    words: tuple[tuple[Path, list[str]], ...] = (
        (("hub", "command"), values.hub.command),
        (("hub", "args"), values.hub.args),
        (("proxy", "chp", "extraCommandLineFlags"), values.proxy.chp.extraCommandLineFlags),
    )
    for path, texts in words:
        for index, text in enumerate(texts):
            try:
                expanded(text, values, rendering.context)
            except TemplateError as error:
                here = (*path, index)
                place = rendering.loaded.sources.place(here, of_value=True)
                rendering.findings.append(Finding(Level.ERROR, "template", here, str(error), place, error.advice))


def build(rendering: Rendering) -> None:
    """Every builder makes its object."""
    if not rendering.findings:
        values, context = rendering.loaded.values, rendering.context
        rendering.manifests = [made for builder in BUILDERS if (made := builder(values, context)) is not None]


def tidy(rendering: Rendering) -> None:
    """What builders left open goes."""
    rendering.manifests = [clean(manifest) for manifest in rendering.manifests]


def order(rendering: Rendering) -> None:
    """Objects in the order in which they are installed."""
    rendering.manifests = in_install_order(rendering.manifests)


STAGES: tuple[Callable[[Rendering], None], ...] = (check_templates, build, tidy, order)


def render(loaded: Loaded, context: Context | None = None) -> list[Manifest]:
    """The objects of a release in install order, hooks last.

    `context` says which release, and has the secrets that the values do not set: nothing is made here, so that the
    same values and the same context always give the same objects. Raises MissingSecretsError where a secret lacks,
    ValuesError where a template in the values cannot be filled in.
    """
    context = context or Context()
    context = replace(context, edition=loaded.edition, secrets=complete(loaded.values, context.secrets))
    rendering = Rendering(loaded, context)
    for stage in STAGES:
        stage(rendering)
    if rendering.findings:
        raise ValuesError(in_order([*loaded.findings, *rendering.findings]))
    return rendering.manifests


def context_for(
    loaded: Loaded,
    context: Context | None = None,
    *,
    known: Mapping[str, str] | None = None,
    token: Callable[[], str] = new_token,
) -> Context:
    """`context` with the release's secrets: the values' own, those `known` by the hub Secret's keys, else new ones."""
    return replace(context or Context(), edition=loaded.edition, secrets=resolve(loaded.values, known, token))
