"""Options with which stages have something to do on few rows."""

from typing import Any

from tests.hardness_heads import heads
from tests.topic_models import folder

OPTIONS: dict[str, list[dict[str, Any]]] = {
    "fix_model_names": [{"renames": [{"old": "koala-13b", "new": "vicuna-13b"}]}],
    "drop_outside_dates": [{"since": "2023-06-26T00:00:01Z", "until": "2023-06-27"}],
    "drop_unsampled": [{"share": 0.5}],
    "drop_models": [{"names": ["koala*"]}],
    "drop_errors": [{}, {"roles": ["user", "assistant"], "ignore_case": True}],
    "drop_too_long": [{"max_messages": 2, "max_chars": 5}],
    "drop_invalid_votes": [{}, {"after_reveal": True, "self_battles": True}],
    "drop_superseded": [{}, {"keep": "all"}],
    "cap_user": [{"most": 1}, {"most": 2, "per": "interval", "burst": 1}],
    "tag_frequent_prompts": [{"cap": 1}, {"cap": None, "quantile": 0.5, "max_chars": 2}],
    "drop_frequent_prompts": [{"cap": 1}, {"cap": None, "quantile": 0.5}],
    "drop_near_duplicates": [{"shingle": 1, "bands": 4, "rows": 1}],
    "tag_near_duplicates": [{"shingle": 2, "bands": 4, "rows": 1, "over": "prompts"}],
    "redact_pii": [{"public_users": 2}, {"preset": "strict", "public_users": None}],
    "drop_duplicates": [{}, {"over": "prompts", "form": "NFKC"}, {"within": "user"}],
    "tag_moderation": [{}, {"taxonomy": "omni", "thresholds": {"hate": 0}, "least_known": 0}],
    "tag_jailbreak": [{}, {"threshold": 0.0, "least_known": 0.0}],
    "tag_hardness": [{"backend": "heads", "model": heads()}],
    "score_overthinking": [{}],
    "tag_topics": [{"model": folder()}, {"model": folder(), "least_score": 0.9}],
    "drop_flagged": [{}, {"categories": {"sexual": 0.0}, "roles": ["user"]}],
}
"""Options with which few rows are enough to be dropped; other stages have their defaults."""
