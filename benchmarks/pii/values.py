"""Made-up values of every kind: from the shapes of `shapes.yaml`, by name lists, with checksums."""

import functools
import re
import unicodedata
from pathlib import Path
from random import Random
from typing import Any

import yaml

from benchmarks.pii import checked, shapes

HERE = Path(__file__).parent
WORD = re.compile(r"\{(first|last|nick|street|city)\}")
NICKS = (
    "moonlitotter", "pixelfjord", "grumpybaker", "saltyradish", "nightowl", "quietcomet",
    "tofu_knight", "velvetmoth", "rustycrab", "lemonbyte", "wobblyfox",
    "teacup_yeti", "brassbadger", "cloudgoat",
)  # fmt: skip
COUNTRIES = {
    "en": "us us gb au ca in ie", "de": "de de at ch", "fr": "fr", "es": "es mx", "pt": "br pt",
    "it": "it", "nl": "nl", "pl": "pl", "ru": "ru", "tr": "tr", "ar": "sa eg ae", "fa": "ir",
    "he": "il", "hi": "in", "ja": "jp", "ko": "kr", "zh": "cn", "vi": "vn", "id": "id",
    "sv": "se", "uk": "ua",
}  # fmt: skip
"""Where the speakers of a language have their numbers from."""
OTHER = re.compile(r"[^a-z]")


@functools.cache
def table(name: str) -> Any:
    """A YAML file beside this module."""
    return yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))


@functools.cache
def vendors() -> dict[str, str]:
    """Shape of the key of each vendor."""
    lines = (HERE / "secrets.txt").read_text("utf-8").splitlines()
    pairs = (line.partition(" ")[::2] for line in lines if line and not line.startswith("#"))
    return dict(pairs)


@functools.cache
def names(language: str, part: str) -> tuple[str, ...]:
    """Given names (`first`) or family names (`last`) of a language."""
    return tuple(name.strip() for name in table("names")[language][part].split(","))


def fill(shape: str, rng: Random, language: str = "en") -> str:
    """A shape with names, nicknames, streets and signs in its holes."""

    def hole(found: re.Match[str]) -> str:
        word = found[1]
        if word in {"street", "city"}:
            return str(rng.choice(table("places")[language][word]))
        return rng.choice(NICKS) if word == "nick" else plain(rng.choice(names("en", word)))

    return shapes.fill(WORD.sub(hole, shape), rng)


def plain(name: str) -> str:
    """A name as it stands in an address: lower-case ASCII letters; `user` for other scripts."""
    letters = unicodedata.normalize("NFKD", name.lower().replace("ł", "l").replace("\u0131", "i"))
    return OTHER.sub("", letters) or "user"


def shaped(kind: str, variant: str, language: str, rng: Random) -> tuple[str, str]:
    """A value of `shapes.yaml` and its variant: by default one of the language's countries."""
    variants = table("shapes")[kind]
    if not variant:
        near = [one for one in COUNTRIES[language].split() if one in variants]
        variant = rng.choice(near or ["any"] if "any" in variants else near or sorted(variants))
    return fill(rng.choice(variants[variant]), rng, language), variant


def address(language: str, rng: Random) -> str:
    """A street address."""
    return fill(rng.choice(table("places")[language]["shapes"]), rng, language)


def secret(variant: str, rng: Random) -> tuple[str, str]:
    """A vendor's key and the vendor."""
    variant = variant or rng.choice([name for name in vendors() if name not in CUED])
    return fill(vendors()[variant], rng), variant


CUED = {
    "bearer", "hex", "hex32", "base64", "aws_secret", "mailchimp", "telegram", "deepseek",
    "slack_hook", "postgres", "mongodb", "redis", "mysql", "amqp", "azure_storage",
}  # fmt: skip
"""Shapes that say little of themselves: frames that use them name them."""


def value(kind: str, variant: str, language: str, rng: Random) -> tuple[str, str]:
    """A value of a kind and its variant (a country, a vendor), where a name is not needed."""
    if kind == "address":
        return address(language, rng), variant
    makers = checked.MAKERS.get(kind, {})
    if kind == "secret" and variant not in makers:
        return secret(variant, rng)
    if variant in makers or (makers and kind not in table("shapes")):
        variant = variant or rng.choice(_near(makers, language))
        return makers[variant](rng), variant
    return shaped(kind, variant, language, rng)


def _near(makers: dict[str, Any], language: str) -> list[str]:
    """Variants of a language's countries, else all."""
    near = [one for one in makers if one.split("_")[0] in COUNTRIES[language].split()]
    return near or list(makers)
