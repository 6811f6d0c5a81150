"""What a recipe says of each kind of personal data: what is done, how sure one must be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from pipeline.pii.kinds import KINDS, Action
from pipeline.pii.rule import Rule

Preset = Literal["strict", "release", "minimal"]
Role = Literal["user", "assistant"]
ROLES: tuple[Role, ...] = ("user", "assistant")
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]

NEVER = 2.0
"""A threshold that no score reaches."""
SHIELDS = frozenset({"email", "url", "url_secret"})
"""Kinds that are looked for also where they are kept: what stands in them is a part of them."""
STRICT_DROPS = (
    *("card", "iban", "bank_account", "national_id", "passport", "driving_licence"),
    *("secret", "password", "url_secret"),
)


class KindOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a recipe says of one kind; null is as the preset has it.

    Attributes:
        action: `placeholder` (NAME_1), `surrogate` (a made-up value of the same shape), `mask`
            (asterisks), `hmac` (a keyed hash: links a value across the release),
            `drop_conversation`, or `keep`.
        threshold: the least score of a finding, its rule's measured precision.
        threshold_assistant: the same in answers, where names are mostly of public persons.
        roles: whose messages are looked through; what is found is replaced in all.
        languages: only rules for these languages, and those for any.
        allow: values that are not personal.
        propagate: whether a value is replaced wherever it recurs in its conversation.
    """

    action: Action | None = None
    threshold: Share | None = None
    threshold_assistant: Share | None = None
    roles: tuple[Role, ...] | None = None
    languages: tuple[str, ...] | None = None
    allow: tuple[str, ...] = ()
    propagate: bool | None = None


@dataclass(frozen=True)
class Ruling:
    """What is done about one kind; options and preset put together."""

    action: Action = "placeholder"
    threshold: float = 0.5
    threshold_assistant: float = 0.5
    roles: tuple[Role, ...] = ROLES
    languages: tuple[str, ...] = ()
    allow: frozenset[str] = frozenset()
    propagate: bool = True

    def thresholds(self, rule: Rule) -> tuple[float, float]:
        """The least score of a rule's findings in a user's message and in an answer."""
        if self.languages and rule.languages and not set(self.languages) & set(rule.languages):
            return NEVER, NEVER
        user, assistant = (
            at if role in self.roles else NEVER
            for role, at in zip(ROLES, (self.threshold, self.threshold_assistant), strict=True)
        )
        return user, assistant


def preset(name: Preset, kind: str) -> Ruling:
    """What a preset does about a kind.

    An answer needs more evidence than a prompt: its examples are mostly made up, and what it
    repeats of a prompt is replaced anyway.
    """
    if name == "strict":
        action: Action = "drop_conversation" if kind in STRICT_DROPS else "placeholder"
        return Ruling(action, 0.2, 0.2)
    if name == "minimal" and not KINDS[kind].is_minimal:
        return Ruling("keep")
    if kind == "person":
        return Ruling(threshold=0.57, threshold_assistant=0.9)
    return Ruling(threshold=0.5, threshold_assistant=0.7)


def rulings(name: Preset, options: Mapping[str, KindOptions]) -> dict[str, Ruling]:
    """What is done about each kind, all kinds included."""
    return {kind: _ruled(preset(name, kind), options.get(kind)) for kind in KINDS}


def sought(ruled: Mapping[str, Ruling]) -> frozenset[str]:
    """The kinds to look for."""
    return frozenset(k for k, ruling in ruled.items() if ruling.action != "keep" or k in SHIELDS)


def _ruled(base: Ruling, options: KindOptions | None) -> Ruling:
    if options is None:
        return base
    given = {
        name: getattr(options, name)
        for name in ("action", "threshold", "roles", "languages", "propagate")
        if getattr(options, name) is not None
    }
    if base.action == "keep" and given.get("action") is None and len(given) > 0:
        given["action"] = "placeholder"
    given["threshold_assistant"] = next(
        at
        for at in (options.threshold_assistant, options.threshold, base.threshold_assistant)
        if at is not None
    )
    given["allow"] = frozenset(value.casefold() for value in options.allow)
    return Ruling(**{**vars(base), **given})
