"""The tables of statistics: each number is one of `statistics.json`."""

from pipeline.card.facts import Facts
from pipeline.card.markdown import code, count, share, table
from schemas.statistics import Cells, Distribution, Flag

MOST = 20
"""Rows of a table; `statistics.json` has all."""
HIDDEN = "not shown"
QUESTIONS = {
    "redacted": "something personal was replaced in it",
    "flagged_user": "moderation flags a prompt",
    "flagged_assistant": "moderation flags an answer",
    "jailbreak": "a prompt is a jailbreak",
    "injection": "a prompt orders the model to forget its orders, or forges marks of turns",
    "has_code": "there is code in it",
    "refusals": "an answer begins by refusing",
    "regenerated": "an answer was generated again",
    "branched": "it was edited and went another way",
    "upvote": "a user voted an answer up",
    "downvote": "a user voted an answer down",
    "flag": "a user flagged it",
    "battle": "it is a side of a battle that was voted on",
    "high_frequency": "its prompts are more frequent than the cap",
}


def summary(facts: Facts) -> str:
    """What LMSYS-Chat-1M's paper tells of itself, for this release."""
    found = facts.statistics
    rows = [("conversations", count(found.conversations)), ("messages", count(found.messages))]
    if found.users is not None:
        rows.append(("users (distinct addresses)", count(found.users)))
    rows += [(f"{name}s", count(of)) for name, of in found.distinct.items()]
    return table(["", "#number"], rows)


def spreads(facts: Facts) -> str:
    """Mean and quantiles of lengths."""
    found = facts.statistics
    named = {
        "turns of a conversation": found.turns,
        "tokens of a prompt": found.prompt_tokens,
        "tokens of an answer": found.answer_tokens,
        "conversations with the same prompts": found.prompt_frequency,
    }
    rows = [
        [what, f"{one.mean:,.2f}", *(count(of) for of in one.quantiles.values())]
        for what, one in named.items()
        if one and one.count
    ]
    return table(["", "#mean", "#median", "#90th percentile", "#99th percentile"], rows)


def bins(spread: Distribution) -> str:
    """A histogram in a line."""
    shown = [one for one in spread.bins if one.count]
    return " · ".join(f"{_range(one.low, one.high)}: {one.count:,}" for one in shown)


def _range(low: int, high: int) -> str:
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def partition(facts: Facts, name: str, *, by_name: bool = False) -> str:
    """Conversations by a name, the largest first, or in the order of names (times)."""
    cells = facts.statistics.partitions.get(name, Cells({}))
    counts = list(cells.counts.items())
    if by_name:
        counts.sort()
    shown, rest = counts[:MOST], counts[MOST:]
    rows = [(code(key) if key else "(none)", rows) for key, rows in shown]
    if rest:
        rows.append((f"{len(rest):,} more, in `statistics.json`", sum(of for _, of in rest)))
    if cells.other:
        rows.append((f"{cells.folded:,} with too few to show", cells.other))
    whole = cells.total
    return table(
        [name, "#conversations", "#share"],
        [(key, count(of), share(of, whole)) for key, of in rows],
    )


def questions(facts: Facts) -> str:
    """How many conversations have what; those that cannot be told stand apart."""
    rows = []
    for name, what in QUESTIONS.items():
        if name in facts.statistics.shares:
            cells = facts.statistics.shares[name]
            yes = cells.counts.get("true", 0 if not cells.other else None)
            untold = cells.counts.get("", 0 if not cells.other else None)
            part = "-" if yes is None else share(yes, cells.total)
            rows.append((code(name), what, _shown(yes), part, _shown(untold)))
    return table(["", "conversations in which", "#yes", "#share", "#not told"], rows)


def _shown(found: int | None) -> str:
    """Null: this cell, or another of the three, has too few rows."""
    return HIDDEN if found is None else count(found)


def moderation(facts: Facts) -> str:
    """Flagged messages by category and role."""
    by_name: dict[str, dict[str, Flag]] = {}
    for flag in facts.statistics.flags:
        by_name.setdefault(flag.category, {})[flag.role] = flag
    least = facts.statistics.minimum
    rows = []
    for name, roles in by_name.items():
        cells = [
            count(roles[role].messages, least) if roles[role].told else "not told"
            for role in ("user", "assistant")
        ]
        rows.append([code(name) if name else "any", *cells])
    return table(["category", "#prompts flagged", "#answers flagged"], rows)


def redactions(facts: Facts) -> str:
    """What was replaced, by kind."""
    actions = facts.release.redaction_actions
    rows = [
        (
            code(one.kind) if one.kind else "rarer kinds together",
            code(actions.get(one.kind, "-")) if one.kind else "as the recipe says",
            count(one.values),
            "-" if one.conversations is None else count(one.conversations),
        )
        for one in facts.statistics.redactions
    ]
    return table(["kind", "action", "#values", "#conversations"], rows)
