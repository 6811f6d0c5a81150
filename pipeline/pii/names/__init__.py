"""Names of persons without a download: cues, lists, and a chain model that fits in 5 MB."""

from pipeline.pii.names.finding import find
from pipeline.pii.names.near import Beside
from pipeline.pii.names.rules import NAME_RULES, RELEASE_ASSISTANT, RELEASE_USER

__all__ = ["NAME_RULES", "RELEASE_ASSISTANT", "RELEASE_USER", "Beside", "find"]
