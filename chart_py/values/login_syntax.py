"""What the syntax tree of the hub's Python says of who may log in; loaded only for text that may say something."""

from __future__ import annotations

import ast
import warnings

from chart_py.values.login_python import TRAITS, lets_in

# What JupyterHub's configuration is called in its own Python.
_CONFIG = "c"
# Calls that run code which is not in the text, and calls that only look at what they are given.
_RUNS = frozenset({"exec", "load_subconfig"})
_LOOKS = frozenset({"dir", "getattr", "hasattr", "id", "isinstance", "len", "print", "repr", "str", "type", "vars"})


def decides(text: str) -> bool:
    """Whether any part of `text` does. Raises as ast.parse does where it is no Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nodes = list(ast.walk(ast.parse(text)))
    own = {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
    return any(_decides(node, own) for node in nodes)


def _decides(node: ast.AST, own: set[str]) -> bool:
    """Whether one node does; `own` are the functions that the text defines."""
    if isinstance(node, ast.Attribute):
        return _trait_decides(node.attr, of_login=_is_login(node.value), written=isinstance(node.ctx, ast.Store))
    if isinstance(node, ast.Subscript):
        return _item_decides(node)
    if isinstance(node, ast.Assign):
        return any(map(_is_login, node.targets)) and _section_decides(node.value)
    if isinstance(node, ast.Call):
        return _call_decides(node, own)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return node.name == "check_allowed" or node.name.endswith("whitelist")
    return isinstance(node, ast.ClassDef) and _class_decides(node)


def _trait_decides(name: str, *, of_login: bool, written: bool) -> bool:
    if of_login:
        return lets_in(name)
    return name in TRAITS or name.endswith("whitelist") or (written and name == "authenticator_class")


def _item_decides(node: ast.Subscript) -> bool:
    """`c["GitHubOAuthenticator"]["allowed_users"]`; a dictionary of one's own may have such a key, and is only read."""
    of_login, written = _is_login(node.value), isinstance(node.ctx, ast.Store)
    if not (of_login or written):
        return False
    if not isinstance(node.slice, ast.Constant):
        return of_login and written
    return _trait_decides(str(node.slice.value), of_login=of_login, written=written)


def _class_decides(node: ast.ClassDef) -> bool:
    """A class made of an authenticator that has such a trait of its own."""
    targets = [each for inner in node.body if isinstance(inner, ast.Assign) for each in inner.targets]
    targets += [inner.target for inner in node.body if isinstance(inner, ast.AnnAssign)]
    return any("Authenticator" in _name(base) for base in node.bases) and any(lets_in(_name(t)) for t in targets)


def _call_decides(node: ast.Call, own: set[str]) -> bool:
    called = _name(node.func)
    if isinstance(node.func, ast.Name) and called in _RUNS:
        return True
    if isinstance(node.func, ast.Attribute) and called in ("update", "merge"):
        return _update_decides(node, node.func.value)
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    if called in _LOOKS:
        return False
    if called not in own and called != "setattr" and any(map(_is_config, given)):
        return True
    if not any(map(_is_login, given)):
        return False
    # setattr(c.GitHubOAuthenticator, "allowed_users", ...), and what people write in its place.
    names = [each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    unknown = called == "setattr" and len(node.args) > 1 and not isinstance(node.args[1], ast.Constant)
    return unknown or any(map(lets_in, names))


def _update_decides(node: ast.Call, of: ast.expr) -> bool:
    """`c.Authenticator.update(allowed_users=...)`, `c.merge({"Authenticator": {...}})`."""
    if _is_config(of):
        return any(map(_sections_decide, node.args)) or any(
            _one_decides(keyword.arg, keyword.value) for keyword in node.keywords
        )
    named = any(keyword.arg is None or lets_in(keyword.arg) for keyword in node.keywords)
    return _is_login(of) and (named or any(map(_section_decides, node.args)))


def _section_decides(value: ast.expr) -> bool:
    """Whether a value for a whole section of an authenticator says who gets in; what is no literal may say anything."""
    if not isinstance(value, ast.Dict):
        return True
    return any(not isinstance(key, ast.Constant) or lets_in(str(key.value)) for key in value.keys)


def _sections_decide(value: ast.expr) -> bool:
    """The same of a value for the whole configuration."""
    if not isinstance(value, ast.Dict):
        return True
    return any(
        _one_decides(str(key.value) if isinstance(key, ast.Constant) else None, inner)
        for key, inner in zip(value.keys, value.values, strict=True)
    )


def _one_decides(section: str | None, value: ast.expr) -> bool:
    if section == "JupyterHub":
        known = [key.value if isinstance(key, ast.Constant) else None for key in getattr(value, "keys", [None])]
        return None in known or "authenticator_class" in known
    return section is None or ("Authenticator" in section and _section_decides(value))


def _name(node: ast.expr) -> str:
    """The last name of an expression: `b` of `a.b` and of `a["b"]`; empty where it has none."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        return str(node.slice.value) if isinstance(node.slice, ast.Constant) else ""
    return node.id if isinstance(node, ast.Name) else ""


def _is_config(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == _CONFIG


def _is_login(node: ast.expr) -> bool:
    """Whether an expression is an authenticator's section: `c.GitHubOAuthenticator`, `c["Authenticator"]`."""
    return isinstance(node, (ast.Attribute, ast.Subscript)) and "Authenticator" in _name(node)
