"""Values and texts in one spelling, so that a value is found however it is written."""

import unicodedata

LEAST_CHARS = 4
"""Letters and digits a part of a value must have to tell of it."""


def squeezed(text: str) -> str:
    """Letters and digits alone, in one case and form."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def needles(kind: str, value: str) -> list[str]:
    """What of a value, squeezed, must not stand in a squeezed text.

    All of it; the family name of a person and what stands before an @, for they are telling
    alone; an address without its town.
    """
    whole = [squeezed(value)]
    match kind:
        case "person" if " " in value:
            whole += [squeezed(part) for part in value.split()[1:]]
        case "email":
            whole.append(squeezed(value.replace(" [at] ", "@").partition("@")[0]))
        case "address":
            whole.append(squeezed(value.rpartition(",")[0]))
        case "phone":
            whole.append(squeezed(value)[-9:])
    return [needle for needle in whole if len(needle) >= LEAST_CHARS or needle == whole[0]]
