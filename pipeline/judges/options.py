"""The options of a server that judges texts."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from pipeline.errors import InputError
from schemas.moderation import Category

OURS = {"model", "messages", "stream", "n"}
"""Fields of a request that no parameter may change."""
OPENAI = "https://api.openai.com/v1"
Positive = Annotated[int, msgspec.Meta(ge=1)]
Seconds = Annotated[float, msgspec.Meta(gt=0)]


class Server(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A server that judges texts, and how much may be asked of it.

    A struct, not a dataclass, so that a recipe's typing errors below `server` are faults.

    Attributes:
        model: its name for the server.
        base_url: OpenAI's, or that of any server that speaks its protocol.
        api_key_env: the environment variable that holds the key; no key is ever in a recipe.
        cache: a private folder for answers; if empty that of the run, or of the user.
        structured: how a chat is held to the form of its answers; `none` for servers that refuse
            such a field. Servers that ignore it do no harm: answers are checked anyway.
        parameters: more fields of a chat's request; null takes one of ours out.
        guard_categories: categories of a guard, as it names them, by ours.
        guard_context: whether a guard is shown an answer as one, behind its prompt; else each text
            alone, as a user's.
        concurrency: requests at the server at once, by each worker process.
        tokens_per_batch: estimated tokens of the texts that are at the server at once.
        timeout_s: how long one try may take.
        deadline_s: how long all tries of a request may take together.
        retries: how often a request is tried again; never where that cannot help.
        give_up_after: requests in a row that failed, from which on a batch asks no more.
        budget_requests: tries that may be sent; null for any number.
        budget_tokens: tokens that may be used, of prompts and answers; null for any number.
    """

    model: str = ""
    base_url: str = OPENAI
    api_key_env: str = "OPENAI_API_KEY"
    cache: str = ""
    structured: Literal["json_schema", "choice", "guided_choice", "none"] = "json_schema"
    parameters: dict[str, str | int | float | bool | None] = {}
    guard_categories: dict[str, Category] = {}
    guard_context: bool = True
    concurrency: Annotated[int, msgspec.Meta(ge=1, le=256)] = 8
    tokens_per_batch: Positive = 32_000
    timeout_s: Seconds = 60.0
    deadline_s: Seconds = 300.0
    retries: Annotated[int, msgspec.Meta(ge=0, le=20)] = 5
    give_up_after: Positive = 50
    budget_requests: Annotated[int, msgspec.Meta(ge=0)] | None = None
    budget_tokens: Annotated[int, msgspec.Meta(ge=0)] | None = None

    def __post_init__(self) -> None:
        """Refuse what would change what an answer is.

        Raises:
            ValueError: a parameter is one of ours, or the address is none.
        """
        if taken := OURS & self.parameters.keys():
            raise ValueError(f"parameters may not hold {', '.join(sorted(taken))}")
        if not self.base_url.startswith(("http://", "https://")):
            raise ValueError(f"base_url {self.base_url!r} is no http address")


def read(path: str) -> Server:
    """The options in a YAML file: what a recipe has below `server`.

    Raises:
        InputError: there is no such file, or it is none; an unknown or wrong option is named.
    """
    try:
        found = msgspec.yaml.decode(Path(path).read_bytes(), type=Server)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {error}") from error
    if not found.model:
        raise InputError(f"{path}: no model is named")
    return found
