"""PyYAML's syntax errors in words that say what to do."""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class SyntaxMessage(NamedTuple):
    """One kind of syntax error.

    Parameters
    ----------
    context, problem
        Patterns for what PyYAML was doing and for what it stumbled over.
    message, hint
        What the user reads; ``{first_line}`` stands for the line on which PyYAML began what it was reading.
    at_start
        Whether to point at the beginning of what PyYAML was reading, such as the quote that was never closed.
    """

    context: str
    problem: str
    message: str
    hint: str
    at_start: bool = False


_MESSAGES: Final = (
    SyntaxMessage("", r"found character '\\t'", "There is a tab here.", "Replace it by spaces."),
    SyntaxMessage(
        "",
        "found character '[@`%|>]'",
        "A value cannot begin with this character.",
        "Put the value in quotes.",
    ),
    SyntaxMessage(
        "",
        "mapping values are not allowed here",
        "This ':' has no key of its own: the text before it belongs to another value.",
        "Align the keys of one mapping, put a space after their ':', and put text that contains ': ' in quotes.",
    ),
    SyntaxMessage(
        "simple key",
        "could not find expected ':'",
        "This line is neither 'key: value' nor a list item.",
        "Write 'key: value', with a colon and a space after it.",
        at_start=True,
    ),
    SyntaxMessage(
        "",
        "sequence entries are not allowed here",
        "A list item '- …' cannot stand here.",
        "Begin each item on its own line below the key, or write the list as [a, b].",
    ),
    SyntaxMessage("", "mapping keys", "'?' cannot stand here.", "Put a value that begins with '?' in quotes."),
    SyntaxMessage(
        "quoted scalar",
        "found unexpected (end of stream|document separator)",
        "This quote is never closed.",
        "Close it with the same quote character.",
        at_start=True,
    ),
    SyntaxMessage(
        "double-quoted scalar",
        "escape",
        "A backslash in double quotes begins an escape such as \\n, and this is none.",
        "Use single quotes, in which a backslash is a backslash.",
    ),
    SyntaxMessage(
        "flow (sequence|mapping)",
        r"got '(<stream end>|<document start>|\]|\})'",
        "This bracket is never closed.",
        "Close it.",
        at_start=True,
    ),
    SyntaxMessage(
        "flow (sequence|mapping)",
        "",
        "Before this, a comma is missing, or the bracket that closes the one on line {first_line}.",
        "Put text that contains ':', brackets or quotes in quotes.",
    ),
    SyntaxMessage(
        "block (mapping|collection)",
        "found '<scalar>'",
        "Something follows here that does not belong to the value before it.",
        "Put the whole value in quotes, or correct the indentation.",
    ),
    SyntaxMessage(
        "block (mapping|collection)",
        "expected <block end>",
        "This does not line up with the lines above it.",
        "Align the keys of a mapping, and the items of a list, with spaces.",
    ),
    SyntaxMessage(
        "",
        "expected '<document start>'",
        "This does not belong to what ended before it.",
        "Correct the indentation or the brackets above; the file is one mapping 'key: value'.",
    ),
    SyntaxMessage(
        "block scalar",
        "",
        "After '|' or '>' the line must end.",
        "Write the text on the following lines, indented; put a value that begins with '|' or '>' in quotes.",
    ),
    SyntaxMessage(
        "scanning an (alias|anchor)",
        "",
        "'&' begins the name of an anchor and '*' that of an alias, and this is no name.",
        "Put a value that begins with '&' or '*' in quotes.",
    ),
    SyntaxMessage(
        "", "expected the node content", "A key or a value is missing before this.", "Write it, or remove this."
    ),
    SyntaxMessage("directive", "", "YAML directives ('%…') are not used here.", "Remove this line."),
    SyntaxMessage("", "YAML d|tag handle", "YAML directives and tags are not used here.", "Remove this."),
    SyntaxMessage("tag", "", "YAML tags ('!…') are not used here.", "Put a value that begins with '!' in quotes."),
)


def syntax_message(context: str, problem: str) -> SyntaxMessage:
    """The first message whose patterns fit; PyYAML's own words for what is not listed."""
    for known in _MESSAGES:
        if re.search(known.context, context) and re.search(known.problem, problem):
            return known
    message = f"This is not YAML: {problem}.".replace("{", "{{").replace("}", "}}")
    return SyntaxMessage("", "", message, "Check quotes, brackets and indentation around this line.")
