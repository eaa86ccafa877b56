"""The shells that complete commands: click's, with scripts that let a word go on after a dot or an equals sign."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, ClassVar

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)

_BASH = r"""
%(complete_func)s() {
    local IFS=$'\n' line type value
    COMPREPLY=()
    while IFS= read -r line; do
        type=${line%%%%,*} value=${line#*,}
        case $type in
        dir) compopt -o dirnames ;;
        file) compopt -o default ;;
        plain)
            COMPREPLY+=("$value")
            # A word that goes on.
            [[ $value == *[.=] ]] && compopt -o nospace
            ;;
        esac
    done < <(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD="$COMP_CWORD" %(complete_var)s=bash_complete "$1")
    return 0
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

_ZSH = r"""#compdef %(prog_name)s

%(complete_func)s() {
    local -a whole going told toldgoing
    local -a response
    local type key descr
    (( ! $+commands[%(prog_name)s] )) && return 1
    local -x COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1))
    response=("${(@f)$(env %(complete_var)s=zsh_complete %(prog_name)s)}")
    for type key descr in ${response}; do
        case $type in
        dir) compset -P '*='; _path_files -/ ;;
        file) compset -P '*='; _path_files -f ;;
        plain)
            # A word that goes on after a dot or an equals sign gets no blank.
            if [[ $key == *[.=] ]]; then
                [[ $descr == _ ]] && going+=("$key") || toldgoing+=("$key":"$descr")
            else
                [[ $descr == _ ]] && whole+=("$key") || told+=("$key":"$descr")
            fi
            ;;
        esac
    done
    (( $#toldgoing )) && _describe -V unsorted toldgoing -U -S ''
    (( $#told )) && _describe -V unsorted told -U
    (( $#going )) && compadd -U -V unsorted -S '' -a going
    (( $#whole )) && compadd -U -V unsorted -a whole
    return 0
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""


def rejoined(words: Sequence[str], current: int) -> tuple[list[str], str]:
    """The words before the current one, and that one, as they were before bash broke them at equals signs."""
    joined: list[str] = []
    glue = False
    for number, word in enumerate(words[: current + 1]):
        if word == "=" and number:
            joined[-1] += word
            glue = True
        elif glue:
            joined[-1] += word
            glue = False
        else:
            joined.append(word)
    if current >= len(words) and not glue:
        joined.append("")
    return joined[1:-1], joined[-1]


class Bash(BashComplete):
    """bash, which takes an equals sign for the end of a word."""

    source_template: ClassVar[str] = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the current one, and that one."""
        # The script puts each word on a line of its own, quotes and all.
        words = ["".join(split_arg_string(word)) for word in os.environ["COMP_WORDS"].split("\n")]
        before, self.incomplete = rejoined(words, int(os.environ["COMP_CWORD"]))
        return before, self.incomplete

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """The part of a suggestion that stands behind the last equals sign, where bash's own word begins."""
        option, _, rest = self.incomplete.partition("=")
        written = rest if option.startswith("-") else self.incomplete
        return f"{item.type},{str(item.value).removeprefix(written[: written.rfind('=') + 1])}"


class Whole(ShellComplete):
    """A shell for which `--option=value` is one word, so that a suggestion has to begin with the option too."""

    def complete(self) -> str:
        """The suggestions in the form of the shell's script."""
        before, incomplete = self.get_completion_args()
        option, sign, _ = incomplete.partition("=")
        head = option + sign if sign and option.startswith("-") else ""
        found = self.get_completions(before, incomplete)
        for item in found:
            item.value = head + item.value if item.type == "plain" else item.value
        return "\n".join(self.format_completion(item) for item in found)


class Zsh(Whole, ZshComplete):
    """zsh."""

    source_template: ClassVar[str] = _ZSH


class Fish(Whole, FishComplete):
    """fish."""


SHELLS: dict[str, type[ShellComplete]] = {"bash": Bash, "zsh": Zsh, "fish": Fish}


def known() -> None:
    """Tell click of these shells."""
    for shell in (Bash, Zsh, Fish):
        add_completion_class(shell)
