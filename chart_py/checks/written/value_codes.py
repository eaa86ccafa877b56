"""The codes of what is found when values are read: the text, the settings, old settings, a login nobody can pass."""

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


WORDS = (
    Code(
        "unknown-word",
        Level.ERROR,
        "There is no such setting in this place.",
        "Use the suggestion; `explain` shows all settings.",
        "hub: {db: {tpye: mysql}}",
    ),
    Code(
        "other-edition",
        Level.ERROR,
        "The setting is one of another chart version than the one that is used.",
        "Write the setting that the finding names, remove it, or use a chart version that has it.",
        "proxy: {chp: {command: [configurable-http-proxy]}}",
    ),
    Code(
        "wrong-type",
        Level.ERROR,
        "The value is of another kind than the setting takes.",
        "Write a value like the example.",
        "cull: {timeout: 1h}",
    ),
    Code("null", Level.ERROR, "null removes a default that is needed.", "Remove the setting.", "hub: {db: null}"),
    Code(
        "choice",
        Level.ERROR,
        "The setting takes one of a few values, and this is none of them.",
        "Use one of them.",
        "hub: {service: {ipFamilies: [ipv4]}}",
    ),
    Code(
        "quantity",
        Level.ERROR,
        "The value is not a Kubernetes quantity.",
        "Write a number followed by m, k, M, G, Ki, Mi, Gi or the like.",
        "singleuser: {storage: {capacity: 10 GB}}",
    ),
    Code(
        "memory",
        Level.ERROR,
        "JupyterHub takes memory in bytes, or with K, M, G, T.",
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
        "A key or value is not valid for a label or an annotation.",
        "Use letters, digits, dashes, dots, underscores; a domain and a slash may come first.",
        "hub: {labels: {a b: c}}",
    ),
    Code(
        "name",
        Level.ERROR,
        "Kubernetes does not allow such a name.",
        "Use lowercase letters, digits and dashes.",
        "hub: {existingSecret: My_Secret}",
    ),
    Code(
        "host",
        Level.ERROR,
        "The value is not a host name.",
        "Remove https://, port and path.",
        "proxy: {https: {enabled: true, type: offload, hosts: ['https://hub.example.org']}}",
    ),
    Code(
        "port",
        Level.ERROR,
        "The value is not a port.",
        "Use a number from 1 to 65535, or a port's name.",
        "hub: {service: {ports: {nodePort: 99999}}}",
    ),
    Code(
        "node-port",
        Level.WARNING,
        "Most clusters do not allow this node port.",
        "Use one from 30000 to 32767.",
        "hub: {service: {type: NodePort, ports: {nodePort: 8081}}}",
    ),
    Code(
        "address",
        Level.ERROR,
        "The value is not an IP address.",
        "Write four numbers with dots, or an IPv6 address.",
        "proxy: {service: {loadBalancerIP: 1.2.3}}",
    ),
    Code(
        "network",
        Level.ERROR,
        "The value is not a network in CIDR notation.",
        "Write an address, a slash and the number of fixed bits: 192.0.2.0/24",
        "proxy: {service: {loadBalancerSourceRanges: [192.0.2.7]}}",
    ),
    Code(
        "email",
        Level.ERROR,
        "The value is not an e-mail address.",
        "Write an address such as ops@example.org",
        "proxy: {https: {enabled: true, hosts: [hub.example.org], letsencrypt: {contactEmail: ops}}}",
    ),
    Code(
        "url",
        Level.ERROR,
        "The value is not a URL of the expected kind.",
        "Write the whole URL, with its scheme.",
        "proxy: {chp: {defaultTarget: static.example.org}}",
    ),
    Code(
        "image",
        Level.ERROR,
        "The value is not an image name or tag.",
        "Name and tag are separate settings: name: quay.io/a/b, tag: v1",
        "singleuser: {image: {name: 'a/b:v1', tag: v1}}",
    ),
    Code(
        "path",
        Level.ERROR,
        "A path has to start with /.",
        "Put a slash in front of it.",
        "singleuser: {defaultUrl: lab}",
    ),
    Code(
        "secret-not-hex",
        Level.ERROR,
        "The hub decodes this secret from hex, and cannot.",
        "Use the output of `openssl rand -hex 32`.",
        "hub: {cookieSecret: abcdefgh}",
    ),
    Code(
        "variable",
        Level.ERROR,
        "An environment variable cannot have this name.",
        "Remove whitespace and equals signs.",
        "hub: {extraEnv: {A B: c}}",
    ),
    Code(
        "priority",
        Level.ERROR,
        "Larger priorities are reserved for the cluster.",
        "Use at most 1000000000.",
        "scheduling: {podPriority: {enabled: true, defaultPriority: 2000000000}}",
    ),
    Code(
        "file",
        Level.ERROR,
        "A file needs a path and exactly one content.",
        "Write mountPath, and one of data, stringData and binaryData.",
        "hub: {extraFiles: {a: {mountPath: /etc/motd}}}",
    ),
    Code(
        "file-mode",
        Level.ERROR,
        "A file's mode has to be octal.",
        "Start it with a zero: 0644",
        "hub: {extraFiles: {a: {mountPath: /etc/motd, stringData: a, mode: 644}}}",
    ),
    Code(
        "template",
        Level.ERROR,
        "A template in a command cannot be filled in.",
        "Use a setting that exists: {{ .Values.hub.baseUrl }}",
        "hub: {args: ['{{ .Values.hub.bseUrl }}']}",
    ),
)
OLD = (
    Code(
        "old-words",
        Level.NOTE,
        "Settings of older charts were understood and translated.",
        "`chart-py migrate` rewrites the file.",
        "hub: {fsGid: 1000}",
    ),
    Code(
        "old-and-new",
        Level.ERROR,
        "An old setting and its current name are both set.",
        "Remove the old one.",
        "rbac: {enabled: false, create: true}",
    ),
    Code(
        "no-effect",
        Level.WARNING,
        "The setting no longer has any effect.",
        "Remove the setting; `chart-py migrate` does.",
        "auth: {type: ldap, ldap: {server: {address: a.example.org}, dn: {templates: ['uid={username}'], "
        "user: {escape: false}}}}",
    ),
    Code(
        "auth-custom",
        Level.WARNING,
        "auth.custom and auth.type do not go together.",
        "Write auth.type: custom with auth.custom.className, or remove auth.custom.",
        "auth: {type: dummy, custom: {className: a.B}}",
    ),
    Code(
        "class-removed",
        Level.WARNING,
        "The current hub image no longer has this class.",
        "Write the class that the finding names.",
        "auth: {type: custom, custom: {className: oauthenticator.okpy.OkpyOAuthenticator}}",
    ),
    Code(
        "ldap-lookup-name",
        Level.WARNING,
        "Users are known by the name that they type, not by the one that the lookup finds.",
        "Write hub.config.LDAPAuthenticator.use_lookup_dn_username: true to keep their names.",
        "auth: {type: ldap, ldap: {server: {address: a.example.org}, "
        "dn: {lookup: true, templates: ['uid={username}']}}}",
    ),
    Code(
        "no-home",
        Level.WARNING,
        "The storage type hostPath of old charts mounted nothing by itself.",
        "Mount the homes with singleuser.storage.extraVolumes and extraVolumeMounts.",
        "singleuser: {storage: {type: hostPath}}",
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
        "singleuser: {networkPolicy: {enabled: true, egress: []}}",
    ),
    Code(
        "kubernetes-object",
        Level.ERROR,
        "The file is a Kubernetes object, not the configuration of a hub.",
        "Apply it with `kubectl apply -f`.",
        "{apiVersion: v1, kind: ConfigMap}",
    ),
    Code(
        "values-elsewhere",
        Level.ERROR,
        "The file has a hub's values below a key: an umbrella chart's, or an object of Flux or Argo CD.",
        "Name the key with --at.",
        "jupyterhub: {hub: {baseUrl: /x/}}",
    ),
    Code(
        "encrypted",
        Level.ERROR,
        "The file is encrypted with SOPS.",
        "Decrypt it, and give the text on standard input: -f -",
        "hub: {baseUrl: abc}\nsops: {mac: abc}",
    ),
    Code(
        "another-chart",
        Level.ERROR,
        "The file has the values of another chart.",
        "Write the settings that correspond.",
        "commonLabels: {}\npostgresql: {}\nextraDeploy: []",
    ),
    Code(
        "nothing-below",
        Level.WARNING,
        "A key has nothing below it, which removes the default or what other files set.",
        "Write settings below it, or remove it.",
        "cull: {timeout: }",
    ),
)
LOGIN = (
    Code(
        "nobody-can-log-in",
        Level.WARNING,
        "No user is allowed to log in.",
        "Write hub.config.Authenticator.allow_all: true, or name users in allowed_users.",
        "hub: {config: {JupyterHub: {authenticator_class: github}, GitHubOAuthenticator: {client_id: a}}}",
    ),
    Code(
        "cilogon-idps",
        Level.WARNING,
        "CILogon needs the identity providers that may be used.",
        "Write hub.config.CILogonOAuthenticator.idps.",
        "hub: {config: {JupyterHub: {authenticator_class: cilogon}, CILogonOAuthenticator: {client_id: a}}}",
    ),
)
