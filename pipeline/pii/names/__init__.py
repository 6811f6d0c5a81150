"""Names of persons without a download: cues, lists, and a chain model that fits in 5 MB."""

from pipeline.pii.names.finding import NAME_RULES, RELEASE_ASSISTANT, RELEASE_USER, Beside, find

__all__ = ["NAME_RULES", "RELEASE_ASSISTANT", "RELEASE_USER", "Beside", "find"]
