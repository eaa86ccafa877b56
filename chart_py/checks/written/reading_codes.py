"""The codes of what is found when a file is read, before any setting is looked at."""

from __future__ import annotations

from chart_py.checks.code import Code
from chart_py.finding import Level

READING = (
    Code(
        "unreadable",
        Level.ERROR,
        "The file does not exist, is a folder, cannot be read, or is not UTF-8.",
        "Give the path of a file, saved as UTF-8.",
        "-f no-such-config.yaml",
    ),
    Code(
        "not-yaml",
        Level.ERROR,
        "The text cannot be read as YAML.",
        "The finding says the usual cause: a tab, a colon, a quote.",
        "hub:\n\tconfig: {}",
    ),
    Code(
        "several-documents",
        Level.ERROR,
        "A file has more than one YAML document.",
        "Put each into its own file and give both with -f.",
        "hub: {}\n---\nproxy: {}",
    ),
    Code(
        "not-a-map",
        Level.ERROR,
        "The file contains a list or a single value.",
        "Start with the name of a section, such as `hub:`.",
        "- hub",
    ),
    Code(
        "duplicate-key",
        Level.ERROR,
        "A key is set twice in one map; YAML would keep only one of the two.",
        "Merge the two.",
        "hub: {baseUrl: /a}\nhub: {baseUrl: /b}",
    ),
    Code(
        "alias-loop",
        Level.ERROR,
        "An anchor contains itself.",
        "Write out what the alias stands for.",
        "x-a: &a\n  b: *a",
    ),
    Code(
        "too-large",
        Level.ERROR,
        "The file is too large, or its aliases make it so.",
        "Give the values of a hub; large files belong in an image or a volume.",
        "x-a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
        + "\n".join(
            f"x-{name}: &{name} [{', '.join(['*' + last] * 10)}]" for last, name in zip("abcde", "bcdef", strict=True)
        ),
    ),
    Code(
        "too-deep",
        Level.ERROR,
        "The values are nested more than 100 levels deep.",
        "Look for a bracket that is never closed.",
        "x-a: " + "[" * 120 + "]" * 120,
    ),
    Code(
        "key-not-text",
        Level.ERROR,
        "A key is a list, a map or null.",
        "Write text, and put quotes around it.",
        "hub: {extraConfig: {~: ''}}",
    ),
    Code(
        "key-blank",
        Level.ERROR,
        "A key has leading or trailing whitespace, or an invisible character.",
        "Type the key again.",
        "'hub ': {}",
    ),
    Code(
        "merge-not-a-map",
        Level.ERROR,
        "`<<` merges something that is not a map.",
        "Merge the alias of a map: `<<: *name`.",
        "hub: {<<: 5}",
    ),
    Code(
        "not-a-scalar",
        Level.ERROR,
        "A number or a tagged value is not valid.",
        "Put quotes around text.",
        "custom: {a: .inf}",
    ),
    Code(
        "unknown-tag",
        Level.ERROR,
        "A YAML tag is not supported here.",
        "Remove the tag; secrets come from --set-file or from Secrets of the cluster.",
        "hub: {baseUrl: !vault abc}",
    ),
    Code(
        "not-a-setting",
        Level.ERROR,
        "--set is not followed by PATH=VALUE.",
        "Write --set singleuser.image.tag=v1",
        "--set hub",
    ),
)
