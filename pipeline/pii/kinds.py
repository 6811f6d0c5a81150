"""The kinds of personal data: what they are called, and what stands in their place."""

from dataclasses import dataclass
from typing import Literal

Action = Literal["placeholder", "surrogate", "mask", "hmac", "drop_conversation", "keep"]

KindName = Literal[
    "person",
    "email",
    "phone",
    "address",
    "card",
    "iban",
    "bank_account",
    "national_id",
    "passport",
    "driving_licence",
    "plate",
    "ip",
    "mac",
    "url",
    "url_secret",
    "username",
    "coordinates",
    "date_of_birth",
    "wallet",
    "device_id",
    "secret",
    "other",
    "password",
]


@dataclass(frozen=True)
class Kind:
    """A kind of personal data.

    Attributes:
        name: as recipes and releases call it.
        token: a placeholder is this, an underscore and a number.
        meaning: one line of the generated table.
        folds: how two spellings are one value: `letters` by case and spaces, `digits` by their
            digits and letters alone, `exact` not at all.
        may_be_public: whether a value that many users write may be kept: of a shop, an author.
        is_minimal: whether the preset of contact data and secrets alone looks for it.
    """

    name: str
    token: str
    meaning: str
    folds: Literal["letters", "digits", "exact"] = "letters"
    is_minimal: bool = False
    may_be_public: bool = False


KINDS = {
    kind.name: kind
    for kind in (
        Kind("person", "NAME", "names of private persons", may_be_public=True),
        Kind(
            "email",
            "EMAIL",
            "e-mail addresses, also spelled out",
            is_minimal=True,
            may_be_public=True,
        ),
        Kind(
            "phone",
            "PHONE",
            "telephone numbers of all countries",
            "digits",
            is_minimal=True,
            may_be_public=True,
        ),
        Kind(
            "address",
            "ADDRESS",
            "street addresses and post-office boxes",
            is_minimal=True,
            may_be_public=True,
        ),
        Kind("card", "CARD", "payment cards (Luhn)", "digits", is_minimal=True),
        Kind("iban", "IBAN", "international bank accounts (ISO 13616)", "digits", is_minimal=True),
        Kind("bank_account", "ACCOUNT", "national bank accounts and routing numbers", "digits"),
        Kind("national_id", "ID", "national, tax and health numbers, by checksum", "digits"),
        Kind("passport", "PASSPORT", "passport numbers after a cue", "digits"),
        Kind("driving_licence", "LICENCE", "driving licences after a cue", "digits"),
        Kind("plate", "PLATE", "number plates after a cue", "digits"),
        Kind("ip", "IP", "public IPv4 and IPv6 addresses", may_be_public=True),
        Kind("mac", "MAC", "hardware addresses", "digits"),
        Kind(
            "url",
            "URL",
            "addresses of personal pages and private documents",
            "exact",
            may_be_public=True,
        ),
        Kind(
            "url_secret",
            "URL",
            "addresses that carry a token or password",
            "exact",
            is_minimal=True,
        ),
        Kind("username", "USERNAME", "handles and account names after a cue", may_be_public=True),
        Kind("coordinates", "COORDINATES", "precise positions", "exact", may_be_public=True),
        Kind("date_of_birth", "DATE", "dates of birth after a cue", "exact"),
        Kind(
            "wallet", "WALLET", "crypto-currency addresses, seed phrases", "exact", is_minimal=True
        ),
        Kind("device_id", "DEVICE", "IMEI, VIN, serial numbers after a cue", "digits"),
        Kind(
            "secret",
            "SECRET",
            "keys, tokens, private keys, database URLs",
            "exact",
            is_minimal=True,
        ),
        Kind("other", "PII", "what a recognizer of your own finds, by a name of its own"),
        Kind("password", "PASSWORD", "passwords after a cue", "exact", is_minimal=True),
    )
}
"""By name, in the order of the generated table."""
