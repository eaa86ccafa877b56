"""The table of codes that are no rules: what each means, an example that gives it, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from chart_py.checks.rules import RULES
from chart_py.errors import UsageError
from chart_py.finding import Level


class Code(NamedTuple):
    """One code: what it says, how bad it is, what to do, and values that give it."""

    code: str
    level: Level
    says: str
    remedy: str
    example: str


_ERROR, _WARNING, _NOTE = Level.ERROR, Level.WARNING, Level.NOTE
_HUB = "hub: {config: {JupyterHub: {authenticator_class: github}, GitHubOAuthenticator: {%s}}}"

READING = (
    Code(
        "not-yaml",
        _ERROR,
        "The text cannot be read as YAML.",
        "The finding says the usual cause: a tab, a colon, a quote.",
        "hub:\n\tconfig: {}",
    ),
    Code(
        "several-documents",
        _ERROR,
        "A file has more than one YAML document.",
        "Make each a file of its own and give both with -f.",
        "hub: {}\n---\nproxy: {}",
    ),
    Code(
        "not-a-map",
        _ERROR,
        "The file holds a list or a single value.",
        "Begin with the name of a section, such as `hub:`.",
        "- hub",
    ),
    Code(
        "duplicate-key",
        _ERROR,
        "A word is written twice in one map; YAML would keep only one of them.",
        "Join the two.",
        "hub: {baseUrl: /a}\nhub: {baseUrl: /b}",
    ),
    Code("alias-loop", _ERROR, "An anchor holds itself.", "Write out what the alias stands for.", "x-a: &a\n  b: *a"),
    Code(
        "too-large",
        _ERROR,
        "The file is too large, or its aliases make it so.",
        "Give the values of a hub; large files belong into an image or a volume.",
        "x-a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
        + "\n".join(
            f"x-{name}: &{name} [{', '.join(['*' + last] * 10)}]" for last, name in zip("abcde", "bcdef", strict=True)
        ),
    ),
    Code(
        "too-deep",
        _ERROR,
        "The values are nested more than 100 levels deep.",
        "Look for a bracket that is never closed.",
        "x-a: " + "[" * 120 + "]" * 120,
    ),
    Code(
        "key-not-text",
        _ERROR,
        "A key is a number, true, false, null, a list or a map.",
        "Put quotes around it.",
        "hub: {extraConfig: {10: ''}}",
    ),
    Code(
        "key-blank",
        _ERROR,
        "A key begins or ends with a blank, or holds a character that cannot be seen.",
        "Write the key anew.",
        "'hub ': {}",
    ),
    Code(
        "merge-not-a-map",
        _ERROR,
        "`<<` merges something that is no map.",
        "Let it merge the alias of a map: `<<: *name`.",
        "hub: {<<: 5}",
    ),
    Code(
        "not-a-scalar",
        _ERROR,
        "A number or tag cannot be what it looks like.",
        "Put quotes around what is text.",
        "custom: {a: .inf}",
    ),
    Code(
        "unknown-tag",
        _ERROR,
        "A YAML tag that says nothing here.",
        "Remove the tag; secrets come from --set-file or from Secrets of the cluster.",
        "hub: {baseUrl: !vault abc}",
    ),
    Code(
        "not-a-setting",
        _ERROR,
        "--set is not followed by PATH=VALUE.",
        "Write --set singleuser.image.tag=v1",
        "--set hub",
    ),
)
WORDS = (
    Code(
        "unknown-word",
        _ERROR,
        "No section has such a word in this place.",
        "Take the suggestion; `explain` shows all words.",
        "hub: {db: {tpye: mysql}}",
    ),
    Code(
        "wrong-type",
        _ERROR,
        "The value is of another kind than the word takes.",
        "Write a value like the example.",
        "cull: {timeout: 1h}",
    ),
    Code("null", _ERROR, "null takes away a default that is needed.", "Leave the word out.", "hub: {db: null}"),
    Code(
        "choice",
        _ERROR,
        "The word takes one of a few texts, and this is none of them.",
        "Choose one of them.",
        "hub: {service: {ipFamilies: [ipv4]}}",
    ),
    Code(
        "quantity",
        _ERROR,
        "This is no quantity of Kubernetes.",
        "Write a number with m, k, M, G, Ki, Mi, Gi and the like behind it.",
        "singleuser: {storage: {capacity: 10 GB}}",
    ),
    Code(
        "memory",
        _ERROR,
        "JupyterHub takes memory as bytes, or with K, M, G, T.",
        "Write 2G; each step is 1024.",
        "singleuser: {memory: {limit: 2Gi}}",
    ),
    Code(
        "cores",
        _ERROR,
        "JupyterHub takes CPU as a number of cores.",
        "Write 0.5 for 500m.",
        "singleuser: {cpu: {limit: 500m}}",
    ),
    Code(
        "label",
        _ERROR,
        "A key or value cannot be a label's or annotation's.",
        "Letters, digits, dashes, dots, underscores; a domain and a slash may come first.",
        "hub: {labels: {a b: c}}",
    ),
    Code(
        "name",
        _ERROR,
        "Kubernetes has no object with such a name.",
        "Small letters, digits and dashes.",
        "hub: {existingSecret: My_Secret}",
    ),
    Code(
        "host",
        _ERROR,
        "This is no host name.",
        "Leave out https://, port and path.",
        "proxy: {https: {enabled: true, type: offload, hosts: ['https://hub.example.org']}}",
    ),
    Code(
        "port",
        _ERROR,
        "This is no port.",
        "A number from 1 to 65535, or a port's name.",
        "hub: {service: {ports: {nodePort: 99999}}}",
    ),
    Code(
        "node-port",
        _WARNING,
        "Most clusters do not give this port.",
        "Take one from 30000 to 32767.",
        "hub: {service: {type: NodePort, ports: {nodePort: 8081}}}",
    ),
    Code(
        "address",
        _ERROR,
        "This is no IP address.",
        "Four numbers with dots, or IPv6.",
        "proxy: {service: {loadBalancerIP: 1.2.3}}",
    ),
    Code(
        "network",
        _ERROR,
        "This is no network.",
        "An address, a slash and the number of fixed bits: 192.0.2.0/24",
        "proxy: {service: {loadBalancerSourceRanges: [192.0.2.7]}}",
    ),
    Code(
        "email",
        _ERROR,
        "This is no e-mail address.",
        "Write one: ops@example.org",
        "proxy: {https: {enabled: true, hosts: [hub.example.org], letsencrypt: {contactEmail: ops}}}",
    ),
    Code(
        "url",
        _ERROR,
        "This is no URL of the kind that is due.",
        "Write it whole, with what comes before ://",
        "proxy: {chp: {defaultTarget: static.example.org}}",
    ),
    Code(
        "image",
        _ERROR,
        "This is no image's name or tag.",
        "Name and tag have a word each: name: quay.io/a/b, tag: v1",
        "singleuser: {image: {name: 'a/b:v1', tag: v1}}",
    ),
    Code(
        "path", _ERROR, "A path has to begin with a slash.", "Put a slash before it.", "singleuser: {defaultUrl: lab}"
    ),
    Code(
        "secret-not-hex",
        _ERROR,
        "The hub decodes this secret from hex, and cannot.",
        "Take the output of `openssl rand -hex 32`.",
        "hub: {cookieSecret: abcdefgh}",
    ),
    Code(
        "variable",
        _ERROR,
        "An environment variable cannot be called so.",
        "No blanks, no equals sign.",
        "hub: {extraEnv: {A B: c}}",
    ),
    Code(
        "priority",
        _ERROR,
        "Larger priorities belong to the cluster.",
        "At most 1000000000.",
        "scheduling: {podPriority: {enabled: true, defaultPriority: 2000000000}}",
    ),
    Code(
        "file",
        _ERROR,
        "A file needs a path and one content.",
        "Write mountPath, and one of data, stringData and binaryData.",
        "hub: {extraFiles: {a: {mountPath: /etc/motd}}}",
    ),
    Code(
        "file-mode",
        _ERROR,
        "A file's mode is octal.",
        "Write a zero first: 0644",
        "hub: {extraFiles: {a: {mountPath: /etc/motd, stringData: a, mode: 644}}}",
    ),
    Code(
        "template",
        _ERROR,
        "Braces in a command cannot be filled in.",
        "Name a word that is there: {{ .Values.hub.baseUrl }}",
        "hub: {args: ['{{ .Values.hub.bseUrl }}']}",
    ),
)
HUB = (
    Code(
        "python-syntax",
        _ERROR,
        "The hub's Python cannot be read.",
        "Correct it; the hub would not start.",
        "hub:\n  extraConfig:\n    mine: |\n      x = = 1",
    ),
    Code(
        "python-name",
        _WARNING,
        "The hub's Python uses a name that nothing defines.",
        "Import or define it first.",
        "hub:\n  extraConfig:\n    mine: |\n      x = enviorn",
    ),
    Code(
        "python-import",
        _WARNING,
        "The hub's image does not have this module.",
        "Bring the module as a file, or use an image of your own.",
        "hub:\n  extraConfig:\n    mine: |\n      import numpy",
    ),
    Code(
        "unknown-class",
        _WARNING,
        "hub.config names a class that is almost one of the image's.",
        "Take the suggestion.",
        "hub: {config: {KubeSpawnr: {debug: true}}}",
    ),
    Code(
        "own-class",
        _NOTE,
        "hub.config names a class that the image does not have.",
        "Nothing, if it is your own.",
        "hub: {config: {CampusAuthenticator: {realm: x}}}",
    ),
    Code(
        "unknown-trait",
        _WARNING,
        "The class has no such trait; JupyterHub goes on without it.",
        "Take the suggestion.",
        _HUB % "clientid: a, allow_all: true",
    ),
    Code(
        "renamed-trait",
        _WARNING,
        "The trait has another name today.",
        "Write the new one.",
        "hub: {config: {Authenticator: {blacklist: [a]}}}",
    ),
    Code(
        "trait-type",
        _ERROR,
        "JupyterHub refuses this value when it starts.",
        "Write a value of the kind that is due.",
        "hub: {config: {KubeSpawner: {start_timeout: 5m}}}",
    ),
    Code(
        "authenticator-class",
        _WARNING,
        "The image has no such authenticator.",
        "Take the suggestion, or bring your own.",
        "hub: {config: {JupyterHub: {authenticator_class: githb}}}",
    ),
    Code(
        "unused-class",
        _WARNING,
        "An authenticator is configured, and people log in by another one.",
        "Choose it as hub.config.JupyterHub.authenticator_class.",
        "hub: {config: {GitHubOAuthenticator: {client_id: a}}}",
    ),
    Code(
        "certificate",
        _WARNING,
        "The certificate or its key is not usable, out of time, or for other names.",
        "Bring the pair that belongs together, PEM.",
        "proxy: {https: {enabled: true, type: manual, hosts: [hub.example.org], manual: {key: a, cert: b}}}",
    ),
    Code(
        "schema",
        _ERROR,
        "An object is not as Kubernetes has it.",
        "Correct the word that the finding names.",
        "hub: {extraPodSpec: {dnsPolcy: None}}",
    ),
)
RULE_CODES = tuple(Code(r.code, r.level, (r.check.__doc__ or "").strip(), r.remedy, r.example) for r in RULES)
SECTIONS = (
    ("Reading", READING),
    ("Words and values", WORDS),
    ("Contradictions and traps", RULE_CODES),
    ("The hub and its objects", HUB),
)


def all_codes() -> dict[str, Code]:
    """Every code that a finding can have."""
    return {code.code: code for _, codes in SECTIONS for code in codes}


def check_names(names: Iterable[str]) -> None:
    """Refuse names that are no codes: what cannot be silenced must not look as if it were. Raises UsageError."""
    from chart_py.spelling import nearest

    known = all_codes()
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = f"; did you mean {near[0]}?" if near else "; docs/errors.md has all codes"
            raise UsageError(f"--ignore {name}: no such code{hint}")
