"""Work on other machines: what it may hold in memory, and what it may say of what went wrong.

An engine writes the stack of an error into its own logs, where no user's text may be. So a worker
raises our own errors as they are, of all others only the kind and the place.
"""

import re
import resource
import traceback
from collections.abc import Callable
from typing import Any

from pipeline import errors
from pipeline.errors import CurationError, EngineError

SAID = re.compile(r"pipeline\.errors\.(\w+): (.+)")


def guarded(item: Any, memory_mb: int, work: Callable[..., Any], *more: Any) -> list[Any]:
    """Do a piece of work on a worker; what it makes, as a list.

    Raises:
        CurationError: as the work raised it.
        EngineError: something else went wrong; says what kind and where, not with what text.
    """
    if memory_mb:
        limit_memory(memory_mb)
    try:
        return list(work(item, *more) or ())
    except CurationError:
        raise
    except Exception as error:  # noqa: BLE001 (whatever it is, its text stays here)
        place = traceback.extract_tb(error.__traceback__)[-1]
        name = place.filename.rsplit("/", 1)[-1]
        problem = f"a worker failed: {type(error).__name__} at {name}:{place.lineno}"
    raise EngineError(problem)


def limit_memory(memory_mb: int) -> None:
    """Let this process fail, rather than its machine, when it needs more data than that."""
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    wanted = memory_mb << 20
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def brief(text: str) -> str:
    """What an error says, without Beam's remark on where it was."""
    return text.split(" [while running ", maxsplit=1)[0]


def understood(error: Exception) -> CurationError:
    """The error of ours that the report of an engine holds; else, that the engine gave up."""
    for name, text in reversed(SAID.findall(str(error))):
        kind = getattr(errors, name, None)
        if isinstance(kind, type) and issubclass(kind, CurationError):
            return kind(brief(text).strip())
    what = type(error).__name__
    return EngineError(f"the engine gave up or is not there ({what}); its log says why")
