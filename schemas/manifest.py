"""The records of a run (private) and of a release (public). JSON, keys sorted, UTF-8."""

import msgspec


class InputFile(msgspec.Struct, frozen=True):
    """One log file: where it is, its bytes and their SHA-256 in hexadecimal."""

    path: str
    bytes: int
    sha256: str
    compression: str | None


class Slice(msgspec.Struct, frozen=True):
    """A range of bytes of one input, by its place in the plan's list."""

    file: int
    start: int
    end: int | None
    max_lines: int | None = None


class Unit(msgspec.Struct, frozen=True):
    """A piece of work of about equal size; `id` depends on nothing but what goes into it."""

    id: str
    slices: list[Slice]
    weight: int  # estimated bytes of decompressed log


class After(msgspec.Struct, frozen=True):
    """The run that a run goes on from: its output folder, its release, its units."""

    output: str
    release: str  # id
    units: int  # the first ones of the plan
    inputs: int


class Plan(msgspec.Struct, frozen=True):
    """What a run is about; a run resumes only what has the same plan."""

    version: str
    recipe: str  # digest
    recipe_name: str
    key: str | None  # fingerprint
    inputs: list[InputFile]
    units: list[Unit]
    limit: int | None = None
    former: list[InputFile] = []  # index files of earlier releases
    after: After | None = None
    forgotten: str | None = None  # digest of the tombstones; None: there are none
    card: str = ""  # digest of what the recipe tells readers; rows do not depend on it


class StageReceipt(msgspec.Struct):
    """A unit is staged: its files are all there."""

    unit: str
    lines: int
    files: dict[str, int]  # path in the run folder -> bytes
    rows: dict[str, int]  # table -> rows
    quarantined: dict[str, int]  # reason -> lines
    dropped: dict[str, dict[str, int]]  # table -> "stage: reason" -> rows
    text_bytes: int
    damaged: list[tuple[int, str]]  # input, problem
    cpu_s: float
    stages: dict[str, float] = {}  # stage -> CPU seconds
    peak_mb: float = 0.0  # highest memory of the process so far, MiB


class Shard(msgspec.Struct, frozen=True):
    """One file of the release, fixed before it is written."""

    config: str
    interval: str
    number: int
    of: int
    rows: int
    text_bytes: int

    @property
    def path(self) -> str:
        """Its place in the release."""
        name = f"train-{self.number:05d}-of-{self.of:05d}.parquet"
        return f"data/{self.config}/{self.interval}/{name}"

    @property
    def id(self) -> str:
        """A name for files about it."""
        return f"{self.config}-{self.interval}-{self.number:05d}-of-{self.of:05d}"


class JudgeReceipt(msgspec.Struct):
    """All verdicts are in, and the shards are cut."""

    kept: dict[str, int]  # table -> rows
    dropped: dict[str, dict[str, int]]  # table -> "stage: reason" -> rows
    shards: list[Shard]
    cpu_s: float
    peak_mb: float = 0.0  # of the process that leads, MiB


class FitReceipt(msgspec.Struct):
    """A stage is fitted to a sample of redacted conversations."""

    stage: str
    model: str | None  # id, and its folder in run/models; null: there was too little to fit it to
    sample: int  # rows that it was fitted to
    rows: int  # conversations that it was drawn from
    cpu_s: float


class Redactions(msgspec.Struct, frozen=True, order=True):
    """How often values of a kind were replaced; says nothing of the values."""

    kind: str
    rule: str
    role: str
    language: str  # ISO code of the conversation; empty if no stage tags it
    action: str
    count: int


class ReleasedFile(msgspec.Struct, frozen=True):
    """One file of a release."""

    path: str
    config: str
    interval: str
    rows: int
    bytes: int
    sha256: str


class WriteReceipt(msgspec.Struct):
    """A shard is written, and what is derived from it."""

    shard: str
    path: str
    rows: int
    bytes: int
    sha256: str
    cpu_s: float
    redactions: list[Redactions] = []
    placeholder_literals: int = 0  # what users wrote that looks like a placeholder
    derived: list[ReleasedFile] = []  # of the same rows, without their texts
    tag_errors: dict[str, dict[str, int]] = {}  # tag -> reason -> nulls
    stages: dict[str, float] = {}  # stage -> CPU seconds
    peak_mb: float = 0.0  # highest memory of the process so far, MiB


FORGOTTEN = ("conversation", "user", "text")
"""Of what a release can be asked to leave something out."""


class Document(msgspec.Struct, frozen=True):
    """One file of a release that is not a shard: card, licence, metadata."""

    path: str
    bytes: int
    sha256: str


class ReleaseManifest(msgspec.Struct, frozen=True):
    """The public record of a release: what is in it, and nothing about whence it came."""

    release: str  # id: digest of inputs, recipe, version, fingerprint of the key; says no more
    recipe: str  # digest
    recipe_name: str
    version: str
    libraries: dict[str, str]
    configs: dict[str, int]  # config -> rows
    columns: dict[str, dict[str, str]]  # config -> column -> Arrow type; order: schemas.released
    files: list[ReleasedFile]
    documents: list[Document] = []
    models: dict[str, str] = {}  # stage -> id of the model that it applied, given or fitted here
    tag_errors: dict[str, dict[str, int]] = {}  # tag -> reason -> how often it could not tell
    residual_rate: float | None = None  # a review must show no more before it may be public
    redaction_rules: str | None = None  # digest of the rules and models that found personal data
    redaction_actions: dict[str, str] = {}  # kind -> what the recipe does about it
    redactions: list[Redactions] = []
    placeholder_literals: int = 0
    forgotten: dict[str, list[str]] = {}  # one of FORGOTTEN -> keyed marks of all left out


class Books(msgspec.Struct):
    """Where every line went. Each total equals the sum of its parts, or the run fails."""

    lines: int
    staged: dict[str, int]  # table -> rows
    absorbed: int  # feedback lines that became part of a conversation's row
    quarantined: dict[str, int]  # reason -> lines
    released: dict[str, int]  # config -> rows
    held: dict[str, int]  # table -> rows kept, but of a table that is not released
    dropped: dict[str, dict[str, int]]  # table -> "stage: reason" -> rows


class RunManifest(msgspec.Struct):
    """The private record of a finished run."""

    plan: Plan
    books: Books
    release: ReleaseManifest
    phases: dict[str, float]  # phase -> wall seconds, of the process that finished it
    cpu_s: dict[str, float]  # phase -> CPU seconds, over all units
    libraries: dict[str, str]
    started: str
    finished: str
