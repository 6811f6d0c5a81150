"""Values that look personal and are nobody's: of documentation, of roles, of machines."""

from collections.abc import Set as AbstractSet

from pipeline.pii import seen
from pipeline.pii.kinds import KINDS
from pipeline.pii.words import EXAMPLES

TOKENS = frozenset(kind.token for kind in KINDS.values())
"""Words of placeholders: what names a value is no name."""
RESERVED = ("example.com", "example.org", "example.net", "example.edu", "localhost", "domain.com")
RESERVED_ENDS = (".example", ".test", ".invalid", ".localhost", ".local", ".example.com")
MACHINES = frozenset(
    {"git@github.com", "git@gitlab.com", "git@bitbucket.org", "noreply@github.com"}
)


def is_public(kind: str, value: str, allow: AbstractSet[str]) -> bool:
    """Whether a value is on the recipe's list of a kind, or an example by its form.

    An address of a domain reserved for documentation (RFC 2606, RFC 6761) is an example if what
    stands before the @ says so too; people do hide behind example.org.
    """
    plain = seen.folded(value)
    if plain in allow or (kind == "person" and value in TOKENS):
        return True
    return kind == "email" and _is_example(plain)


def _is_example(address: str) -> bool:
    local, at, domain = address.rpartition("@")
    if not at:
        return False
    if address in MACHINES:
        return True
    is_reserved = domain in RESERVED or domain.endswith(RESERVED_ENDS)
    return is_reserved and local in EXAMPLES
