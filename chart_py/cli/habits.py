"""What people type who come from Helm or kubectl, and what it is called here: verbs, flags and bare arguments."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import click


class Habit(NamedTuple):
    """A verb of another program: the verb that does it here, and why that is another word."""

    verb: str
    why: str


# A row counts only while there is no verb of that name.
VERBS: Mapping[str, Habit] = {
    "install": Habit("apply", "installs a release, or upgrades one that exists"),
    "upgrade": Habit("apply", "upgrades a release, or installs one that does not exist"),
    "deploy": Habit("apply", "installs a release, or upgrades one that exists"),
    "template": Habit("render", "prints the Kubernetes objects"),
    "build": Habit("render", "prints the Kubernetes objects"),
    "manifest": Habit("render", "prints the Kubernetes objects; those of a revision are in `get manifest`"),
    "lint": Habit("validate", "checks values, the hub's Python and every object"),
    "check": Habit("validate", "checks values, the hub's Python and every object"),
    "test": Habit("validate", "checks values, the hub's Python and every object"),
    "plan": Habit("diff", "shows what apply would do; `diff --save FILE` keeps the plan"),
    "delete": Habit("uninstall", "removes a release; the hub's database and the users' homes stay"),
    "remove": Habit("uninstall", "removes a release; the hub's database and the users' homes stay"),
    "destroy": Habit("uninstall", "removes a release; the hub's database and the users' homes stay"),
    "undo": Habit("rollback", "goes back to an earlier revision"),
    "ls": Habit("list", "lists the releases of hubs"),
    "show": Habit("values", "prints the merged values; `explain` describes a setting"),
    "create": Habit("init", "writes a first configuration"),
    "convert": Habit("migrate", "rewrites a configuration of an older chart"),
    "version": Habit("--version", "prints the version"),
}
OPTIONS: Mapping[str, str] = {
    "--atomic": "--rollback-on-failure goes back where an apply fails",
    "--cleanup-on-fail": "--rollback-on-failure goes back where an apply fails",
    "--install": "apply installs where there is no release yet; leave it out",
    "--reuse-values": "values are always those of -f and --set; `get values` prints those of a release",
    "--reset-values": "values are always those of -f and --set; leave it out",
    "--force": "--allow-replace deletes and creates again what cannot be changed",
    "--set-string": "--set keeps text where a setting takes text; leave the type to it",
    "--kube-context": "--context names the kubeconfig's context",
    "--keep-history": "the history goes with the release",
}


def instead_of(name: str, verbs: Mapping[str, str]) -> str:
    """What to type instead of a verb that there is not, as the end of a sentence."""
    from difflib import get_close_matches

    habit = VERBS.get(name.lower())
    if habit:
        return f"\n   chart-py {habit.verb} {habit.why}."
    near = get_close_matches(name.lower(), [*verbs, *VERBS], 1)
    if near:
        return f"; did you mean {near[0] if near[0] in verbs else VERBS[near[0]].verb}?"
    return f"\n   Commands: {', '.join(verbs)}"


class Verb(click.Command):
    """A verb that says where a bare argument belongs, and what a flag of another program is called here."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True
        given = [*args]
        try:
            rest = super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            hint = OPTIONS.get(error.option_name)
            if hint is None:
                raise
            raise click.UsageError(f"unknown option {error.option_name}: {hint}", ctx) from None
        except click.BadParameter as error:
            word = next((each for each in given if not each.startswith("-")), "")
            if not (error.param is not None and error.param.name == "revision" and word[:1].isalpha()):
                raise
            message = f"expected a revision number, got {word!r}\n   {self._named_release(ctx, word)}"
            raise click.UsageError(message, ctx) from None
        if rest and not ctx.resilient_parsing:
            raise click.UsageError(self._misplaced(ctx, rest), ctx)
        return rest

    def _misplaced(self, ctx: click.Context, rest: list[str]) -> str:
        """What is wrong with arguments that the verb does not take."""
        named = ", ".join(rest)
        lines = [f"unexpected argument{'s' * (len(rest) > 1)}: {named}"]
        files = [each for each in rest if each == "-" or each.endswith((".yaml", ".yml")) or Path(each).exists()]
        if "files" in self._known and files:
            lines.append(f"   Name values files with -f: {ctx.command_path} {' '.join(f'-f {each}' for each in files)}")
        others = [each for each in rest if each not in files]
        if "release" in self._known and len(others) == 1:
            lines.append(f"   {self._named_release(ctx, others[0])}")
        return "\n".join(lines)

    @property
    def _known(self) -> set[str | None]:
        return {parameter.name for parameter in self.params}

    def _named_release(self, ctx: click.Context, name: str) -> str:
        return f"Name the release with --release: {ctx.command_path} --release {name}"


def as_verb(command: click.Command) -> click.Command:
    """`command` with what a `Verb` knows, whatever decorator has made it."""
    if type(command) is click.Command:
        command.__class__ = Verb
    return command
