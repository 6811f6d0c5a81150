"""What a record carried at which time; real logs of two years hold all of these.

Source: git history of lm-sys/FastChat. The three layouts before 2023-04-05 had no conversation id
and are left out: nothing could say what should become of them.
"""

from dataclasses import dataclass
from itertools import accumulate
from random import Random


@dataclass(frozen=True)
class Version:
    """Keys of a record, as they were from a date on."""

    since: str  # ISO date
    share: int  # of the sample's conversations, per cent, whatever their date
    template_key: str | None = "template_name"
    system_key: str = "system_message"
    parameters: tuple[str, ...] = ("temperature", "top_p", "max_new_tokens")
    has_separators: bool = False
    has_model_name: bool = True
    is_finish_start: bool = False  # `finish` repeated `start` until 2023-05-19
    is_remote: bool = False  # remote logger: dicts and lists are JSON strings
    is_routed: bool = False  # prompt-to-leaderboard router: a model for each turn


FIRST = Version(
    since="2023-04-05",
    share=2,
    template_key=None,
    system_key="system",
    parameters=(),
    has_separators=True,
    has_model_name=False,
    is_finish_start=True,
)
VERSIONS = (
    FIRST,
    Version(
        since="2023-04-25",
        share=3,
        template_key=None,
        system_key="system",
        parameters=("temperature", "max_new_tokens"),
        has_separators=True,
        is_finish_start=True,
    ),
    Version(
        since="2023-05-08",
        share=3,
        template_key="name",
        system_key="system",
        has_separators=True,
        is_finish_start=True,
    ),
    Version(since="2023-05-19", share=3, template_key="name", system_key="system"),
    Version(since="2023-06-08", share=72, system_key="system"),
    Version(since="2023-08-02", share=10),
    Version(since="2024-04-14", share=4, is_remote=True),
    Version(since="2025-01-11", share=3, is_routed=True),
)
VISION = Version(since="2024-05-15", share=0)
STEPS = tuple(accumulate(version.share for version in VERSIONS))
BATTLES = tuple(one for one in VERSIONS if one.has_model_name and not one.is_routed)
BATTLE_STEPS = tuple(accumulate(version.share for version in BATTLES))


def draw(rng: Random) -> Version:
    """Version of a chat's records."""
    return rng.choices(VERSIONS, cum_weights=STEPS)[0]


def draw_battle(rng: Random) -> Version:
    """Version that can tell the models of an anonymous battle."""
    return rng.choices(BATTLES, cum_weights=BATTLE_STEPS)[0]
