"""What every section of the values is: a frozen pydantic model, with its words, types, defaults and descriptions.

Sections nest by default instances: a field whose type is a section has that section's default as its default.
No pydantic schema is built for a section when values are loaded (that is most of pydantic's cold start); `check`
validates each leaf that a user has set with a validator made once for each distinct type. For the same reason the
modules of sections do not postpone their annotations: pydantic would compile each of them again from its text.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import Self

from chart_py.secrecy import hidden
from chart_py.values.formats import Format

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


class LeastMark:
    """The smallest number that a setting takes."""

    __slots__ = ("ge",)

    def __init__(self, ge: int) -> None:
        self.ge = ge


class FormatMark:
    """In which format a setting has to be written; `formats` has them."""

    __slots__ = ("format",)

    def __init__(self, format: Format) -> None:
        self.format = format


class TemplateMark:
    """Marks a setting whose text can contain `{{ .Values.… }}`, which a render fills in."""


class _Word:
    """A setting as its section defines it, until the section's class is made."""

    __slots__ = ("default", "description", "marks")

    def __init__(self, default: Any, description: str, marks: list[Any]) -> None:
        self.default = default
        self.description = description
        self.marks = marks


def word(
    default: Any,
    description: str,
    *,
    alias: str | None = None,
    ge: int | None = None,
    needed: bool = False,
    format: Format | None = None,
    template: bool = False,
) -> Any:
    """A setting of a section: its default and what it does, in one sentence for the reference page.

    With `needed`, null cannot take the default away; `ge` is its smallest number, `format` how it has to be written; a
    `template` can contain expressions. What it takes beside these is its annotation.
    """
    if alias is not None:
        return Field(default, description=description, alias=alias)
    marks: list[Any] = [] if ge is None else [LeastMark(ge)]
    if needed:
        marks.append(NeededMark())
    if format is not None:
        marks.append(FormatMark(format))
    if template:
        marks.append(TemplateMark())
    return _Word(default, description, marks)


class Section(BaseModel):
    """A group of settings. Attributes are the chart's own names; unknown ones are refused.

    However a section is made, by its class, by pydantic (`model_validate`, `TypeAdapter`, within another model) or by
    `model_copy(update=...)`, its settings go through the checks of a configuration that is loaded: they are laid over
    the defaults, and what is wrong is a ValidationError with all findings. `model_construct` alone checks nothing.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        defer_build=True,
        strict=True,
        protected_namespaces=(),
        hide_input_in_errors=True,
    )
    free_prefix: ClassVar[str] = ""
    """Keys that begin so are free for anchors and notes."""

    @classmethod
    def __pydantic_init_subclass__(cls, **more: Any) -> None:
        """Adds what `word` says, now that pydantic has made the fields of plain defaults.

        pydantic makes and merges two FieldInfo objects for a default that is one itself; for the four hundred settings
        of a render that was a third of the time that the classes take.
        """
        for field in cls.__pydantic_fields__.values():
            if type(one := field.default) is _Word:
                field.default = one.default
                field.description = one.description
                if one.marks:
                    field.metadata = [*field.metadata, *one.marks]

    def __init__(self, /, **settings: Any) -> None:
        from chart_py.values.law import made

        checked = made(type(self), settings)
        for slot in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__"):
            object.__setattr__(self, slot, getattr(checked, slot))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Callable[[Any], Any]) -> Any:
        """pydantic's own schema, for what is written and described by it, below the law of `made`."""
        from pydantic_core.core_schema import no_info_wrap_validator_function

        from chart_py.values.law import made

        return no_info_wrap_validator_function(lambda value, _: made(cls, value), handler(source))

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy, with the settings in `update` in place of its own; these are checked."""
        if not update:
            return super().model_copy(deep=deep)
        from chart_py.values.law import updated

        checked = updated(self, update)
        copied = super().model_copy(update=checked, deep=deep)
        copied._laid(checked)
        return copied

    def _laid(self, settings: Mapping[str, Any]) -> None:
        """Told of the settings that a copy has been given; the top of the values keeps them as a tree too."""

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
    """The settings of `section` and those below as a plain tree, without those that have no value."""
    tree: Map = dict(section.__pydantic_extra__ or {})
    for name, field in type(section).__pydantic_fields__.items():
        value = getattr(section, name)
        if value is not None:
            tree[field.alias or name] = tree_of(value) if isinstance(value, BaseModel) else value
    return tree
