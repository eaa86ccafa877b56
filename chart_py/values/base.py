"""What every section of the values is: a frozen pydantic model, with its words, types, defaults and descriptions.

Sections nest by default instances: a field whose type is a section has that section's default as its default.
No pydantic schema is built for a section when values are loaded (that is most of pydantic's cold start); `check`
validates each leaf that a user has set with a validator made once for each distinct type. For the same reason the
modules of sections do not postpone their annotations: pydantic would compile each of them again from its text.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import Self

from chart_py.secrecy import hidden

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass as _ModelMeta
else:
    _ModelMeta = type(BaseModel)

Map = dict[str, Any]
Labels = dict[str, str]


class EnvMark:
    """Marks a field that holds environment variables, whose plain values are text whatever they look like."""


class ImagesMark:
    """Marks a map from any name to an image, whose name and tag are text whatever they look like."""


class TextMark:
    """Marks a map in which every plain scalar is text whatever it looks like, beside structured values."""


class NeededMark:
    """Marks a field that null cannot take away: the chart refuses values without it."""


Env = Annotated[Map | list[Map], EnvMark()]
Images = Annotated[dict[str, Map], ImagesMark()]
TextMap = Annotated[Map, TextMark()]


class _Word:
    """A word as its section defines it, until the section's class is made."""

    __slots__ = ("default", "description", "needed")

    def __init__(self, default: Any, description: str, needed: bool) -> None:
        self.default = default
        self.description = description
        self.needed = needed


def word(
    default: Any, description: str, *, alias: str | None = None, ge: int | None = None, needed: bool = False
) -> Any:
    """A word of a section: its default and what it does, in one sentence for the reference page.

    With `needed`, null cannot take the default away.
    """
    if ge is None and alias is None:
        return _Word(default, description, needed)
    return Field(default, description=description, alias=alias, ge=ge)


class _SectionMeta(_ModelMeta):
    """Hands pydantic plain defaults and adds the descriptions afterwards.

    pydantic makes and merges two FieldInfo objects for a default that is one itself; for the four hundred words of a
    render that was a third of the time that the classes take.
    """

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **more: Any) -> Any:
        words = {key: value for key, value in namespace.items() if type(value) is _Word}
        made: Any = super().__new__(mcs, name, bases, {**namespace, **{k: w.default for k, w in words.items()}}, **more)
        fields = made.__pydantic_fields__
        for key, one in words.items():
            fields[key].description = one.description
            if one.needed:
                fields[key].metadata = [*fields[key].metadata, NeededMark()]
        return made


class Section(BaseModel, metaclass=_SectionMeta):
    """A group of words. Attributes are the chart's own words; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, strict=True, protected_namespaces=())

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        for name, value in super().__repr_args__():
            yield name, value if isinstance(value, Section) or name is None else hidden(value, (name,))

    @classmethod
    def of(cls, **words: Any) -> Self:
        """This section with its defaults and `words` laid over them; for defaults and tests: nothing is validated."""
        return cls.model_construct(
            None, **{name: field.default for name, field in cls.__pydantic_fields__.items()} | words
        )


S = TypeVar("S", bound=Section)


def tree_of(section: BaseModel) -> Map:
    """The words of `section` and those below as a plain tree, without the words that have no default."""
    tree: Map = {}
    for name, field in type(section).__pydantic_fields__.items():
        value = getattr(section, name)
        if value is not None:
            tree[field.alias or name] = tree_of(value) if isinstance(value, BaseModel) else value
    return tree
