"""The question how much a trajectory thinks instead of acting.

Scale and patterns are those of Cuadron et al. 2025, "The Danger of Overthinking", in words of ours.
"""

from typing import Annotated

import msgspec

from pipeline.judges.questions import Question


class Overthinking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a judge says of a trajectory: whether each pattern is there, and a score."""

    analysis_paralysis: bool
    rogue_actions: bool
    premature_disengagement: bool
    score: Annotated[int, msgspec.Meta(ge=0, le=10)]


SYSTEM = """\
You judge how an agent works, for a study of overthinking. A text holds the trajectory of one \
agent: a task, then parts that say what was reasoned, which action was taken, and what the \
environment answered. Judge how far the agent prefers its own reasoning to what the environment \
could tell it; not whether it solves the task, nor how long it writes. There are three patterns:

- analysis_paralysis: it plans at length and hardly acts;
- rogue_actions: it takes several actions that depend on each other without waiting for answers;
- premature_disengagement: it ends the task because of what it believes, unchecked.

The score is a whole number from 0 to 10. 0 to 3: it acts, looks at what comes, and goes on from \
there. 4 to 7: it does, but at times puts its reasoning in place of an answer. 8 to 10: it mostly \
relies on its reasoning, or one of the patterns rules the trajectory."""
QUESTION = Question("overthinking", SYSTEM, Overthinking, 200)
