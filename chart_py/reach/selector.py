"""Label selectors as Kubernetes defines them: matchLabels and matchExpressions, all of which have to hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Labels = Mapping[str, str]
OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")


@dataclass(frozen=True)
class Requirement:
    """One demand on a label. A label that is missing is in no set, so `NotIn` holds without it."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def holds(self, labels: Labels) -> bool:
        """Whether `labels` meet the demand; one that is not Kubernetes' is never met."""
        if self.operator == "In":
            return labels.get(self.key) in self.values
        if self.operator == "NotIn":
            return labels.get(self.key) not in self.values
        if self.operator == "Exists":
            return self.key in labels
        return self.operator == "DoesNotExist" and self.key not in labels

    def __str__(self) -> str:
        if self.operator == "In" and len(self.values) == 1:
            return f"{self.key}={self.values[0]}"
        if self.operator in ("In", "NotIn"):
            return f"{self.key} {'in' if self.operator == 'In' else 'not in'} ({', '.join(self.values)})"
        return self.key if self.operator == "Exists" else f"!{self.key}"


@dataclass(frozen=True)
class Selector:
    """A label selector; without requirements it selects everything."""

    requirements: tuple[Requirement, ...] = ()

    def selects(self, labels: Labels) -> bool:
        """Whether `labels` meet all requirements."""
        return all(each.holds(labels) for each in self.requirements)

    def contradiction(self) -> tuple[Requirement, ...]:
        """The requirements on one label that it can never meet together; () where there are none."""
        by_key: dict[str, list[Requirement]] = {}
        for each in self.requirements:
            by_key.setdefault(each.key, []).append(each)
        for key, demands in by_key.items():
            wanted = [each.values for each in demands if each.operator == "In"]
            # Any value that nobody names stands for all others.
            tried = wanted[0] if wanted else ("\0",)
            states: list[Labels] = [{}, *({key: value} for value in tried)]
            if not any(all(each.holds(state) for each in demands) for state in states):
                return tuple(demands)
        return ()

    def __str__(self) -> str:
        return ", ".join(map(str, self.requirements)) or "everything"


def selector(value: Any) -> Selector:
    """The selector that a manifest holds. Raises ValueError where it is none."""
    if not isinstance(value, dict):
        raise ValueError("a selector is a map")
    labels, expressions = value.get("matchLabels") or {}, value.get("matchExpressions") or []
    if not isinstance(labels, dict) or not isinstance(expressions, list):
        raise ValueError("matchLabels is a map, matchExpressions is a list")
    found = [Requirement(str(key), "In", (str(text),)) for key, text in labels.items()]
    for each in expressions:
        if not isinstance(each, dict) or each.get("operator") not in OPERATORS or not each.get("key"):
            raise ValueError(f"a requirement has a key and an operator: {', '.join(OPERATORS)}")
        texts = each.get("values") or []
        if not isinstance(texts, list):
            raise ValueError("values is a list")
        found.append(Requirement(str(each["key"]), each["operator"], tuple(map(str, texts))))
    return Selector(tuple(found))
