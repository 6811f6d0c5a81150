"""The question which criteria of a hard prompt a prompt meets.

The criteria are those of Li et al. 2024, "From Crowdsourced Data to High-Quality Benchmarks"
(BenchBuilder), in words of ours.
"""

import msgspec

from pipeline.judges.questions import Question
from schemas.judged import CRITERIA

MEANINGS = {
    "specificity": "it says exactly what is wanted, so that answers can be told apart",
    "domain_knowledge": "to answer it takes knowledge of a particular field",
    "complexity": "it has several parts, steps or conditions that depend on each other",
    "problem_solving": "it asks to work something out, not to recall it",
    "creativity": "it asks for something new: an idea, a story, another way",
    "technical_accuracy": "an answer can be technically wrong, and must not be",
    "real_world": "somebody would ask it for a purpose outside of a test of models",
}
SYSTEM = """\
You judge prompts that people sent to language models, for a study of which prompts are hard. For \
each of these criteria, tell whether the prompt meets it. Judge the prompt alone; do not answer it.

""" + "\n".join(f"- {name}: {MEANINGS[name]};" for name in CRITERIA)
Criteria = msgspec.defstruct(
    "Criteria", [(name, bool) for name in CRITERIA], frozen=True, forbid_unknown_fields=True
)
QUESTION = Question("hardness", SYSTEM, Criteria, 300)
