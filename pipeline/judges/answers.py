"""Read what a model answered: scores, or a reason why there are none.

Tolerant of what stands around an answer (a fence of Markdown, thoughts, a sentence), strict about
the answer itself: one JSON object, all categories, true or false and nothing that resembles them.
"""

import json
import math
import re
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import refusal
from pipeline.judges.prompts import SAFE
from pipeline.judges.replies import Choice, Token
from schemas.moderation import OMNI, Category

THOUGHTS = re.compile(r"<think>.*?</think>|^.*?</think>", re.DOTALL)
NO_ANSWER = "no_answer"
HEAD_CHARS = 250
LONGEST_CHARS = 20_000
"""No verdict is longer; to look for objects may take the square of the length."""
LLAMA_GUARD: dict[str, Category] = {
    "S1": "violence",
    "S2": "illicit",
    "S3": "sexual",
    "S4": "sexual/minors",
    "S5": "harassment",
    "S9": "illicit/violent",
    "S10": "hate",
    "S11": "self-harm",
    "S12": "sexual",
}
"""The hazards of Llama Guard 3 that a category of ours stands for; not S6 to S8, S13, S14."""

Scores = dict[Category, float]


class Alternatives(msgspec.Struct, array_like=True, frozen=True):
    """A token of an answer, and the logarithms of probabilities of what could stand there."""

    token: str
    tops: list[tuple[str, float]] = []


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept of an answer; everything that is told later is read from this.

    Attributes:
        content: what the model said.
        refusal: what it said instead, where the server tells that apart.
        finish: why it stopped.
        tokens: its tokens; alternatives only where `is_telling`.
    """

    content: str | None = None
    refusal: str | None = None
    finish: str | None = None
    tokens: list[Alternatives] = []


def kept(choice: Choice, telling: "Telling") -> Answer:
    """What of an answer is worth keeping."""
    found = (choice.logprobs.content if choice.logprobs else None) or []
    tokens = [
        Alternatives(
            one.token,
            [(top.token, top.logprob) for top in one.top_logprobs] if telling.is_met(one) else [],
        )
        for one in found
    ]
    return Answer(choice.message.content, choice.message.refusal, choice.finish_reason, tokens)


class Telling(msgspec.Struct, frozen=True):
    """Between which two words a token chooses."""

    yes: str
    no: str

    def is_met(self, token: Token) -> bool:
        """Whether a token is one of them, or the beginning of one."""
        return self.side(token.token) != ""

    def side(self, token: str) -> str:
        """The word that a token begins; empty if it begins neither."""
        bare = token.strip(' \n\t\r":,{}\u0120\u2581').lower()
        if not bare:
            return ""
        return next(
            (w for w in (self.yes, self.no) if w.startswith(bare) or bare.startswith(w)), ""
        )

    def probability(self, tops: list[tuple[str, float]]) -> float | None:
        """That of `yes` against `no`; None where neither is among the alternatives."""
        mass = {self.yes: 0.0, self.no: 0.0}
        for token, logprob in tops:
            if side := self.side(token):
                mass[side] += math.exp(min(logprob, 0.0))
        total = sum(mass.values())
        return mass[self.yes] / total if total > 0 else None


TRUTH = Telling("true", "false")
SAFETY = Telling("unsafe", "safe")


def stopped(answer: Answer) -> str | None:
    """Why there can be no verdict in an answer, whatever it says; None if there can be."""
    if answer.refusal or answer.finish == "content_filter":
        return "refused"
    if not (answer.content or "").strip():
        return NO_ANSWER
    return None


def unread(answer: Answer) -> str:
    """Why an answer that holds no verdict holds none."""
    head = THOUGHTS.sub("", answer.content or "").strip()[:HEAD_CHARS]
    refused = pc.match_substring_regex(pa.scalar(head), refusal.pattern(), ignore_case=True)
    if refused.as_py():
        return "refused"
    return "truncated" if answer.finish == "length" else "malformed"


def from_json(answer: Answer) -> Scores | str:
    """Scores of an answer in JSON: probabilities where the server tells them, else 1 and 0."""
    if reason := stopped(answer):
        return reason
    found = objects(answer.content or "")
    if len(found) != 1:
        return unread(answer)
    verdict = found[0]
    if not all(type(verdict.get(name)) is bool for name in OMNI):
        return unread(answer)
    told = _probabilities(answer)
    return {name: told.get(name, float(verdict[name])) for name in OMNI}


def objects(content: str) -> list[dict[str, Any]]:
    """The JSON objects in an answer, outermost only; one with a key twice counts as two.

    What a model thought first is no answer; one that is too long to be a verdict holds none.
    """
    if len(content) > LONGEST_CHARS:
        return []
    content = THOUGHTS.sub("", content)
    found: list[dict[str, Any]] = []
    decoder = json.JSONDecoder(object_pairs_hook=_pairs)
    at = content.find("{")
    while at >= 0:
        try:
            one, end = decoder.raw_decode(content, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            found += [one] if isinstance(one, dict) else [{}, {}]
        at = content.find("{", end)
    return found


def _pairs(pairs: list[tuple[str, Any]]) -> Any:
    """A dict; None, which is no object, if a key stands twice."""
    return dict(pairs) if len({key for key, _ in pairs}) == len(pairs) else None


def _probabilities(answer: Answer) -> Scores:
    """P(true) at the place of each category's verdict, where the tokens tell it."""
    content = answer.content or ""
    if "".join(one.token for one in answer.tokens) != content:
        return {}
    ends = np.cumsum([len(one.token) for one in answer.tokens])
    found: Scores = {}
    for name in OMNI:
        places = [*re.finditer(rf'"{re.escape(name)}"\s*:\s*(true|false)', content)]
        if len(places) == 1:
            place = int(np.searchsorted(ends, places[0].start(1), side="right"))
            told = TRUTH.probability(answer.tokens[place].tops)
            if told is not None:
                found[name] = told
    return found


def from_choice(answer: Answer) -> Scores | str:
    """Scores of one chosen name: it is told for sure, and of the others nothing."""
    if reason := stopped(answer):
        return reason
    name = THOUGHTS.sub("", answer.content or "").strip().strip("\"'`.").lower()
    if name == SAFE:
        return dict.fromkeys(OMNI, 0.0)
    chosen = [category for category in OMNI if category == name]
    return dict.fromkeys(chosen, 1.0) if chosen else unread(answer)


def from_guard(answer: Answer, categories: dict[str, Category]) -> Scores | str:
    """Scores of a guard: P(first token = unsafe) for what it names, and none for the rest.

    Of an answer `safe` that probability stands for all categories that the guard knows: none of
    them is likelier.
    """
    if reason := stopped(answer):
        return reason
    lines = [line.strip() for line in (answer.content or "").strip().splitlines()]
    if lines[0].lower() not in {"safe", "unsafe"}:
        return unread(answer)
    first = next((one for one in answer.tokens if one.token.strip()), None)
    told = SAFETY.probability(first.tops) if first else None
    if told is None:
        return "no_logprobs"
    if lines[0].lower() == "safe":
        return dict.fromkeys(categories.values(), told)
    named = {word.strip() for line in lines[1:] for word in line.split(",")}
    if not any(named):
        return "no_category"
    scores: Scores = dict.fromkeys(categories.values(), 0.0)
    return scores | {categories[name]: told for name in sorted(named) if name in categories}
