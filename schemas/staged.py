"""Rows between the phases: private, never published.

A log line becomes a row of CONVERSATIONS (a chat), BATTLES (a vote on two sides) or FEEDBACK (an
up-vote, down-vote, flag or share), or of QUARANTINE with a reason. Addresses of users are keyed
before a row exists; no raw address is ever staged.
"""

import pyarrow as pa

CONVERSATION = pa.list_(
    pa.struct([pa.field("content", pa.string()), pa.field("role", pa.string())])
)
"""Messages in order, `content` first as LMSYS-Chat-1M has it; a null content is an unfinished
answer. Roles are `user` and `assistant` by position, never by the name in the log."""

VERDICT = pa.schema([pa.field("dropped_by", pa.string()), pa.field("reason", pa.string())])
"""The stage that rejected the row and why; both null while the row is kept."""

EVENT = pa.schema(
    [
        pa.field("tstamp", pa.float64(), nullable=False),  # seconds since the epoch, UTC
        pa.field("user_id", pa.string()),  # keyed HMAC of the address; null: no address logged
        pa.field("event_hash", pa.binary(16), nullable=False),  # SHA-256 of the line, cut
        pa.field("file", pa.int32(), nullable=False),  # which input, by its place in the plan
        pa.field("offset", pa.int64(), nullable=False),  # first byte of the line, decompressed
        pa.field("repaired", pa.string()),  # what ingest mended: lone_surrogate, nul
    ]
)
"""What every log line has, whatever it reports."""

GENERATION = pa.struct(
    [("temperature", pa.float64()), ("top_p", pa.float64()), ("max_new_tokens", pa.int64())]
)

CONVERSATIONS = pa.schema(
    [
        pa.field("conversation_id", pa.string(), nullable=False),
        pa.field("model", pa.string()),
        pa.field("conversation", CONVERSATION, nullable=False),
        pa.field("turn", pa.int64(), nullable=False),  # answers, as the ancestor counts: n // 2
        *EVENT,
        pa.field("generation", GENERATION),  # sampling parameters; null before 2023-04-20
        pa.field("seconds", pa.float64()),  # start to finish of the answer; null: not logged
        *VERDICT,
    ]
)
"""One row a logged answer; a conversation of n turns has n rows, each with all turns so far."""

BATTLES = pa.schema(
    [
        pa.field("question_id", pa.string(), nullable=False),  # conversation id of side A
        pa.field("conversation_id_a", pa.string(), nullable=False),
        pa.field("conversation_id_b", pa.string(), nullable=False),
        pa.field("label_a", pa.string()),  # what the page showed; empty while anonymous
        pa.field("label_b", pa.string()),
        pa.field("model_a", pa.string()),
        pa.field("model_b", pa.string()),
        pa.field("vote", pa.string(), nullable=False),  # leftvote, rightvote, tievote, bothbad_vote
        pa.field("conversation_a", CONVERSATION, nullable=False),
        pa.field("conversation_b", CONVERSATION, nullable=False),
        *EVENT,
        *VERDICT,
    ]
)
"""One row a vote, with both sides' texts."""

FEEDBACK = pa.schema(
    [
        pa.field("conversation_id", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),  # upvote, downvote, flag, share
        *EVENT,
        *VERDICT,
    ]
)
"""One row an up-vote, down-vote, flag or share; absorbed into its conversation by the judge."""

QUARANTINE = pa.schema(
    [
        pa.field("file", pa.int32(), nullable=False),
        pa.field("offset", pa.int64(), nullable=False),
        pa.field("length", pa.int64(), nullable=False),  # bytes of the line without its end
        pa.field("event_hash", pa.binary(16), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("conversation_id", pa.string()),  # where it could be read
    ]
)
"""One row a line that could not be staged; never the line itself."""

TABLES = {"conversations": CONVERSATIONS, "battles": BATTLES, "feedback": FEEDBACK}

TEXTS = {"conversations": ("conversation",), "battles": ("conversation_a", "conversation_b")}
"""The columns that hold text: everything else travels in the index."""

IDS = {"conversations": "conversation_id", "battles": "question_id", "feedback": "conversation_id"}

INDEX = pa.schema(
    [
        pa.field("conversation_id", pa.string(), nullable=False),
        *EVENT,
        pa.field("text_bytes", pa.int64(), nullable=False),
        pa.field("messages", pa.int32(), nullable=False),
        *VERDICT,
    ]
)
"""The narrow twin of a staged row: what the judge needs, beside the keys of the keyed stages."""
