"""The codes of what is found when values are read: their text, their words, old words, a login nobody can pass."""

from __future__ import annotations

from typing import NamedTuple

from chart_py.finding import Level


class Code(NamedTuple):
    """One code: what it says, how bad it is, what to do, and values that give it."""

    code: str
    level: Level
    says: str
    remedy: str
    example: str


READING = (
    Code(
        "unreadable",
        Level.ERROR,
        "The file is not there, is a folder, may not be read, or is not UTF-8.",
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
        "Make each a file of its own and give both with -f.",
        "hub: {}\n---\nproxy: {}",
    ),
    Code(
        "not-a-map",
        Level.ERROR,
        "The file holds a list or a single value.",
        "Begin with the name of a section, such as `hub:`.",
        "- hub",
    ),
    Code(
        "duplicate-key",
        Level.ERROR,
        "A word is written twice in one map; YAML would keep only one of them.",
        "Join the two.",
        "hub: {baseUrl: /a}\nhub: {baseUrl: /b}",
    ),
    Code(
        "alias-loop", Level.ERROR, "An anchor holds itself.", "Write out what the alias stands for.", "x-a: &a\n  b: *a"
    ),
    Code(
        "too-large",
        Level.ERROR,
        "The file is too large, or its aliases make it so.",
        "Give the values of a hub; large files belong into an image or a volume.",
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
        "A key is a number, true, false, null, a list or a map.",
        "Put quotes around it.",
        "hub: {extraConfig: {10: ''}}",
    ),
    Code(
        "key-blank",
        Level.ERROR,
        "A key begins or ends with a blank, or holds a character that cannot be seen.",
        "Write the key anew.",
        "'hub ': {}",
    ),
    Code(
        "merge-not-a-map",
        Level.ERROR,
        "`<<` merges something that is no map.",
        "Let it merge the alias of a map: `<<: *name`.",
        "hub: {<<: 5}",
    ),
    Code(
        "not-a-scalar",
        Level.ERROR,
        "A number or tag cannot be what it looks like.",
        "Put quotes around what is text.",
        "custom: {a: .inf}",
    ),
    Code(
        "unknown-tag",
        Level.ERROR,
        "A YAML tag that says nothing here.",
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
WORDS = (
    Code(
        "unknown-word",
        Level.ERROR,
        "No section has such a word in this place.",
        "Take the suggestion; `explain` shows all words.",
        "hub: {db: {tpye: mysql}}",
    ),
    Code(
        "wrong-type",
        Level.ERROR,
        "The value is of another kind than the word takes.",
        "Write a value like the example.",
        "cull: {timeout: 1h}",
    ),
    Code("null", Level.ERROR, "null takes away a default that is needed.", "Leave the word out.", "hub: {db: null}"),
    Code(
        "choice",
        Level.ERROR,
        "The word takes one of a few texts, and this is none of them.",
        "Choose one of them.",
        "hub: {service: {ipFamilies: [ipv4]}}",
    ),
    Code(
        "quantity",
        Level.ERROR,
        "This is no quantity of Kubernetes.",
        "Write a number with m, k, M, G, Ki, Mi, Gi and the like behind it.",
        "singleuser: {storage: {capacity: 10 GB}}",
    ),
    Code(
        "memory",
        Level.ERROR,
        "JupyterHub takes memory as bytes, or with K, M, G, T.",
        "Write 2G; each step is 1024.",
        "singleuser: {memory: {limit: 2Gi}}",
    ),
    Code(
        "cores",
        Level.ERROR,
        "JupyterHub takes CPU as a number of cores.",
        "Write 0.5 for 500m.",
        "singleuser: {cpu: {limit: 500m}}",
    ),
    Code(
        "label",
        Level.ERROR,
        "A key or value cannot be a label's or annotation's.",
        "Letters, digits, dashes, dots, underscores; a domain and a slash may come first.",
        "hub: {labels: {a b: c}}",
    ),
    Code(
        "name",
        Level.ERROR,
        "Kubernetes has no object with such a name.",
        "Small letters, digits and dashes.",
        "hub: {existingSecret: My_Secret}",
    ),
    Code(
        "host",
        Level.ERROR,
        "This is no host name.",
        "Leave out https://, port and path.",
        "proxy: {https: {enabled: true, type: offload, hosts: ['https://hub.example.org']}}",
    ),
    Code(
        "port",
        Level.ERROR,
        "This is no port.",
        "A number from 1 to 65535, or a port's name.",
        "hub: {service: {ports: {nodePort: 99999}}}",
    ),
    Code(
        "node-port",
        Level.WARNING,
        "Most clusters do not give this port.",
        "Take one from 30000 to 32767.",
        "hub: {service: {type: NodePort, ports: {nodePort: 8081}}}",
    ),
    Code(
        "address",
        Level.ERROR,
        "This is no IP address.",
        "Four numbers with dots, or IPv6.",
        "proxy: {service: {loadBalancerIP: 1.2.3}}",
    ),
    Code(
        "network",
        Level.ERROR,
        "This is no network.",
        "An address, a slash and the number of fixed bits: 192.0.2.0/24",
        "proxy: {service: {loadBalancerSourceRanges: [192.0.2.7]}}",
    ),
    Code(
        "email",
        Level.ERROR,
        "This is no e-mail address.",
        "Write one: ops@example.org",
        "proxy: {https: {enabled: true, hosts: [hub.example.org], letsencrypt: {contactEmail: ops}}}",
    ),
    Code(
        "url",
        Level.ERROR,
        "This is no URL of the kind that is due.",
        "Write it whole, with what comes before ://",
        "proxy: {chp: {defaultTarget: static.example.org}}",
    ),
    Code(
        "image",
        Level.ERROR,
        "This is no image's name or tag.",
        "Name and tag have a word each: name: quay.io/a/b, tag: v1",
        "singleuser: {image: {name: 'a/b:v1', tag: v1}}",
    ),
    Code(
        "path",
        Level.ERROR,
        "A path has to begin with a slash.",
        "Put a slash before it.",
        "singleuser: {defaultUrl: lab}",
    ),
    Code(
        "secret-not-hex",
        Level.ERROR,
        "The hub decodes this secret from hex, and cannot.",
        "Take the output of `openssl rand -hex 32`.",
        "hub: {cookieSecret: abcdefgh}",
    ),
    Code(
        "variable",
        Level.ERROR,
        "An environment variable cannot be called so.",
        "No blanks, no equals sign.",
        "hub: {extraEnv: {A B: c}}",
    ),
    Code(
        "priority",
        Level.ERROR,
        "Larger priorities belong to the cluster.",
        "At most 1000000000.",
        "scheduling: {podPriority: {enabled: true, defaultPriority: 2000000000}}",
    ),
    Code(
        "file",
        Level.ERROR,
        "A file needs a path and one content.",
        "Write mountPath, and one of data, stringData and binaryData.",
        "hub: {extraFiles: {a: {mountPath: /etc/motd}}}",
    ),
    Code(
        "file-mode",
        Level.ERROR,
        "A file's mode is octal.",
        "Write a zero first: 0644",
        "hub: {extraFiles: {a: {mountPath: /etc/motd, stringData: a, mode: 644}}}",
    ),
    Code(
        "template",
        Level.ERROR,
        "Braces in a command cannot be filled in.",
        "Name a word that is there: {{ .Values.hub.baseUrl }}",
        "hub: {args: ['{{ .Values.hub.bseUrl }}']}",
    ),
)
OLD = (
    Code(
        "old-words",
        Level.NOTE,
        "Words of older charts were understood and translated.",
        "`chart-py migrate` rewrites the file.",
        "hub: {fsGid: 1000}",
    ),
    Code(
        "old-and-new",
        Level.ERROR,
        "An old word and today's word for the same are both there.",
        "Remove the old one.",
        "rbac: {enabled: false, create: true}",
    ),
    Code(
        "no-effect",
        Level.WARNING,
        "Nothing does any more what this word did.",
        "Take the word out; `chart-py migrate` does.",
        "auth: {type: ldap, ldap: {server: {address: a.example.org}, dn: {templates: ['uid={username}'], "
        "user: {escape: false}}}}",
    ),
    Code(
        "auth-custom",
        Level.WARNING,
        "auth.custom and auth.type do not go together.",
        "Write auth.type: custom with auth.custom.className, or take auth.custom out.",
        "auth: {type: dummy, custom: {className: a.B}}",
    ),
    Code(
        "class-removed",
        Level.WARNING,
        "Today's hub image does not have this class any more.",
        "Write the class that the finding names.",
        "auth: {type: custom, custom: {className: oauthenticator.okpy.OkpyOAuthenticator}}",
    ),
    Code(
        "ldap-lookup-name",
        Level.WARNING,
        "People are called by the name that they type, not by the one that the lookup finds.",
        "Write hub.config.LDAPAuthenticator.use_lookup_dn_username: true to keep the names that they had.",
        "auth: {type: ldap, ldap: {server: {address: a.example.org}, "
        "dn: {lookup: true, templates: ['uid={username}']}}}",
    ),
    Code(
        "login-by-python",
        Level.WARNING,
        "The hub's own Python, its command or a Secret may say who may log in, so allow_all is not added.",
        "Write hub.config.Authenticator.allow_all: true to let in everyone who passes the login.",
        "auth: {type: dummy}\nhub:\n  extraConfig:\n    who: c.Authenticator.allowed_users = {'ada'}",
    ),
    Code(
        "runs-as-root",
        Level.WARNING,
        "The hub's pod refuses to run as root.",
        "Write hub.podSecurityContext.runAsNonRoot: false if your image of the hub needs root.",
        "hub: {uid: 0}",
    ),
    Code(
        "egress-adds",
        Level.WARNING,
        "Egress rules restricted once; today they only add to hub.networkPolicy.egressAllowRules and its like.",
        "To restrict, write those of egressAllowRules that you do not want: false.",
        "singleuser: {networkPolicy: {enabled: true, egress: [{ports: [{port: 443}]}]}}",
    ),
    Code(
        "kubernetes-object",
        Level.ERROR,
        "The file is a Kubernetes object and no configuration of a hub.",
        "Give it to `kubectl apply -f`.",
        "{apiVersion: v1, kind: ConfigMap}",
    ),
)
LOGIN = (
    Code(
        "nobody-can-log-in",
        Level.WARNING,
        "No one is allowed to log in.",
        "Write hub.config.Authenticator.allow_all: true, or name people in allowed_users.",
        "hub: {config: {JupyterHub: {authenticator_class: github}, GitHubOAuthenticator: {client_id: a}}}",
    ),
    Code(
        "cilogon-idps",
        Level.WARNING,
        "CILogon asks which identity providers may be used.",
        "Write hub.config.CILogonOAuthenticator.idps.",
        "hub: {config: {JupyterHub: {authenticator_class: cilogon}, CILogonOAuthenticator: {client_id: a}}}",
    ),
)
