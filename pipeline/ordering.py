"""What must hold of the order of a recipe's stages."""

from collections.abc import Iterator, Sequence

from pipeline.stage import BatchStage, EditingStage, FittedStage, KeyedStage, Stage


def faults(stages: Sequence[Stage]) -> Iterator[str]:
    """A row may win over its copies only if nothing drops it later; a stage stands once."""
    seen: dict[str, set[str]] = {}
    for at, stage in enumerate(stages):
        if stage.name in {earlier.name for earlier in stages[:at]}:
            yield f"{stage.name}: stands twice; give it once"
        for table in stage.tables:
            judge = seen.get(table, set()) - set(getattr(stage, "follows", ()))
            if stage.reasons and judge and not getattr(stage, "sees_dropped", False):
                yield (
                    f"{stage.name}: drops rows after {', '.join(sorted(judge))}, "
                    "so that the row chosen there could vanish; put it before"
                )
            if getattr(stage, "judges_copies", False):
                seen.setdefault(table, set()).add(stage.name)
        marking = [s.name for s in stages[:at] if isinstance(s, EditingStage)]
        if marking and isinstance(stage, BatchStage) and "conversation" in stage.writes:
            yield f"{stage.name}: edits text that {marking[0]} has marked before; put it before"
        would = "send text to a server" if stage.sends_text else ""
        if isinstance(stage, FittedStage) and stage.lacks_model:
            would = "be fitted to text"
        if would and _sees_raw(stages[:at], stages[at + 1 :]):
            yield (
                f"{stage.name}: would {would} before it is redacted; "
                "put it behind redact_pii and every stage that drops"
            )


def _sees_raw(before: Sequence[Stage], behind: Sequence[Stage]) -> bool:
    """Whether a stage between these stages does not stand behind redaction, on survivors."""
    is_early = any(isinstance(later, KeyedStage) or later.reasons for later in behind)
    return is_early or not any(isinstance(earlier, EditingStage) for earlier in before)


def doubts(stages: Sequence[Stage]) -> Iterator[str]:
    """What is no fault, but hardly meant."""
    written: set[str] = set()
    for stage in stages:
        if stage.name == "drop_flagged" and "openai_moderation" not in written:
            yield (
                "drop_flagged: no tag_moderation stands before it, so no category drops anything; "
                "only its rule of words is at work"
            )
        written.update(stage.writes)
