"""Wrong command lines explained in the user's language: the framework's own errors are English only."""

import re
from difflib import get_close_matches
from typing import Final

from typer import TyperException

from newsletter.translation import gettext, mark

#: The framework's sentences (typer 0.29), and ours. Tests provoke each.
_SENTENCES: Final = (
    (re.compile(r"^Missing (?:argument|parameter) '?(?P<name>[^'.]+)'?\."), mark("{name} is missing.")),
    (re.compile(r"^Missing option '?(?P<name>[^'.]+)'?\."), mark("Option {name} is missing.")),
    (re.compile(r"^No such option: (?P<name>\S+)"), mark("There is no option {name}.")),
    (re.compile(r"^Option '(?P<name>[^']+)' requires"), mark("Option {name} needs a value.")),
    (re.compile(r"^Option '(?P<name>[^']+)' does not take a value"), mark("Option {name} takes no value.")),
    (re.compile(r"^Got unexpected extra argument\(s\) \((?P<name>.+)\)"), mark("Not expected here: {name}")),
    (
        re.compile(r"^Invalid value for '?(?P<name>[^':]+)'?: Input should be a valid (?:number|integer)"),
        mark("{name}: not a number."),
    ),
    (
        re.compile(r"^Invalid value for '?(?P<name>[^':]+)'?: .*(?:greater than or equal to|>=) ?(?P<least>[\d.]+)"),
        mark("{name}: at least {least}."),
    ),
    (re.compile(r"^Invalid value for '?(?P<name>[^':]+)'?: (?P<reason>.+)", re.DOTALL), mark("{name}: {reason}")),
)
#: The word the framework quotes, whichever language it speaks.
_QUOTED: Final = re.compile(r"'([^']+)'")


def explain_usage(error: TyperException) -> str:
    """One line in the user's language; the framework's own where it says something we do not know."""
    message = error.format_message()
    for pattern, sentence in _SENTENCES:
        match = pattern.match(message)
        if match:
            return gettext(sentence).format(**match.groupdict())
    return message.splitlines()[0]


def usage_hint(error: TyperException) -> str:
    """Where to read how the command is called."""
    context = getattr(error, "ctx", None)
    if context is None:
        return ""
    hint = gettext("See: {command} --help").format(command=context.command_path)
    commands = list(getattr(context.command, "commands", {}))
    typed = _QUOTED.search(error.format_message())
    nearest = get_close_matches(typed[1], commands, n=1) if typed else []
    return gettext("Did you mean {key}?").format(key=nearest[0]) + " " + hint if nearest else hint


def is_bare_call(error: TyperException) -> bool:
    """Whether the command was called with nothing at all, which is answered by its help."""
    return type(error).__name__ == "NoArgsIsHelpError"
