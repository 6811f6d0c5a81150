"""All stages, by the name a recipe uses. To add a stage, add one line here."""

from pipeline.stage import Stage
from pipeline.stages.battles import DropRepeatedVotes, TagBattles
from pipeline.stages.coding import ScoreCode
from pipeline.stages.dates import DropOutsideDates, DropUnsampled
from pipeline.stages.duplicates import DropDuplicates
from pipeline.stages.failures import DropErrors, DropModerationSentinels
from pipeline.stages.feedback import TagFeedback
from pipeline.stages.frequency import DropFrequentPrompts, TagFrequentPrompts
from pipeline.stages.hardness import TagHardness
from pipeline.stages.jailbreaks import TagJailbreak
from pipeline.stages.languages import TagLanguage
from pipeline.stages.models import DropModels, FixModelNames
from pipeline.stages.moderation import DropFlagged, TagModeration
from pipeline.stages.near_duplicates import DropNearDuplicates, TagNearDuplicates
from pipeline.stages.overthinking import ScoreOverthinking
from pipeline.stages.redaction import RedactPii
from pipeline.stages.refusals import ScoreRefusals
from pipeline.stages.style import ScoreStyle
from pipeline.stages.superseded import DropSuperseded
from pipeline.stages.tokens import ScoreTokens
from pipeline.stages.topics import TagTopics
from pipeline.stages.turns import DropEmpty, DropMalformedTurns, DropTooLong
from pipeline.stages.users import CapUser
from pipeline.stages.votes import DropInvalidVotes

STAGES: dict[str, type[Stage]] = {
    stage.name: stage
    for stage in (
        FixModelNames,
        DropOutsideDates,
        DropUnsampled,
        DropModels,
        DropMalformedTurns,
        DropModerationSentinels,
        DropErrors,
        DropEmpty,
        DropTooLong,
        DropInvalidVotes,
        DropSuperseded,
        TagFeedback,
        TagBattles,
        DropRepeatedVotes,
        CapUser,
        TagFrequentPrompts,
        DropFrequentPrompts,
        RedactPii,
        DropDuplicates,
        TagNearDuplicates,
        DropNearDuplicates,
        TagLanguage,
        TagModeration,
        DropFlagged,
        TagJailbreak,
        TagTopics,
        ScoreTokens,
        ScoreStyle,
        ScoreCode,
        ScoreRefusals,
        ScoreOverthinking,
        TagHardness,
    )
}
