"""What a stage is, and the promises it makes.

A stage is a frozen dataclass: its fields are its options, its docstring is its manual. It is
plain Python over Arrow columns and knows nothing of Apache Beam, files or the network.

    BatchStage   looks at one batch of rows at a time
    FittedStage  a batch stage that applies a model, which a run can fit to its own rows
    KeyedStage   compares rows of the whole dataset, by key; its keys travel, text does not
    EditingStage a keyed stage that finds places in the text first, and edits them last

Promises, checked for every stage by tests/test_promises.py:

    1. Every row stays, in order. To reject a row a stage fills `dropped_by` and `reason`;
       the first rejection stays.
    2. It reads only the columns in `reads` and changes only those in `writes`.
    3. The same input and options give the same output, in any batching, on any worker.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Protocol, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.staged import VERDICT

VERDICTS = tuple(VERDICT.names)


@dataclass(frozen=True)
class Stage(ABC):
    """A named step of a recipe. Subclass BatchStage or KeyedStage, not this."""

    name: ClassVar[str]
    tables: ClassVar[tuple[str, ...]] = ("conversations",)
    """Which staged tables walk through this stage."""
    reads: ClassVar[tuple[str, ...]]
    writes: ClassVar[tuple[str, ...]]
    reasons: ClassVar[tuple[str, ...]] = ()
    """Every reason this stage may give for a drop."""

    @property
    def sends_text(self) -> bool:
        """Whether it sends text to a server; then it may see redacted text only."""
        return False

    @property
    def fingerprint(self) -> str:
        """A digest of the files that options name; another content is another recipe."""
        return ""


class BatchStage(Stage):
    """A stage that needs one batch at a time."""

    @abstractmethod
    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch with the columns in `writes` added or replaced."""


class FittedStage(BatchStage):
    """A batch stage that applies a model; a run can fit it to a sample of its own conversations.

    The sample is drawn from redacted rows of the first days, and the model lies in the run folder
    (pipeline/fitting.py).
    """

    @property
    @abstractmethod
    def lacks_model(self) -> bool:
        """Whether the recipe asks for a fit in the run."""

    @property
    @abstractmethod
    def sample(self) -> tuple[int, int]:
        """About how many rows to fit to, and the seed of their choice."""

    @abstractmethod
    def read(self, batch: pa.RecordBatch) -> pa.Table:
        """What `learn` needs to know of some redacted rows; rows that tell nothing are left out."""

    @abstractmethod
    def learn(self, sample: pa.Table, seen: int) -> tuple[str, dict[str, bytes]]:
        """The id of a model, and its files by name; the same for any order of rows.

        `sample` is what `read` gave, a conversation at each of its states; `seen` how many rows it
        was drawn from.

        Raises:
            SampleError: the sample is too small, or its users are unknown.
        """

    @abstractmethod
    def given(self, model: str) -> Self:
        """This stage with a model: the path or URI of a folder that holds the files of `learn`."""


class KeyedStage(Stage):
    """A stage that compares rows across the whole dataset: emit keys, meet, choose.

    Rows with equal `key` meet in one call of `choose`, whatever file or worker they came from;
    a call may hold many keys. Rows that an earlier stage dropped are not shown, unless
    `sees_dropped`.
    """

    index: ClassVar[tuple[str, ...]] = ()
    """Columns of schemas.staged.INDEX that `choose` needs beside its own keys."""
    uses: ClassVar[tuple[str, ...]] = ()
    """Columns that earlier keyed stages joined and `choose` looks at, where they exist."""
    adds: ClassVar[tuple[pa.Field, ...]] = ()
    """Columns that a decision joins to its row."""
    defaults: ClassVar[dict[str, object]] = {}
    """What a column of `adds` holds where no decision was made; null if not named here."""
    sees_dropped: ClassVar[bool] = False
    follows: ClassVar[tuple[str, ...]] = ()
    """Stages that judge copies and may come before this one, though it drops rows, because what
    it says of the row they chose holds for that row's copies too."""
    judges_copies: ClassVar[bool] = False
    """Whether a row is dropped in favour of another: then no later stage may drop."""

    @abstractmethod
    def keys(self, batch: pa.RecordBatch, table: str) -> pa.RecordBatch:
        """Narrow columns, one row a row of the batch: `key` uint64 and what `choose` needs.

        A row that meets others in several places has `key` list<uint64>, and `choose` sees it
        once a place.
        """

    def salted(self, batch: pa.RecordBatch, table: str, salt: int) -> pa.RecordBatch:
        """`keys` under a salt of 64 bits made from the identity key, if they must tell no text."""
        del salt
        return self.keys(batch, table)

    @abstractmethod
    def choose(self, rows: pa.Table, context: object = None) -> pa.Table:
        """Decide on all rows of some keys.

        Args:
            rows: `table` (its place in `schemas.staged.TABLES`), `unit`, `row`, `place` (in a list
                of keys), `dropped`, `interval`, `key`, the columns of `index` and of `keys`.
            context: what `settle` made of the surveys, for stages that need one.

        Returns:
            The rows decided on: `table`, `unit`, `row`, `reason` and `into` (null where the row
            is not dropped), and the columns of `adds`. A stage whose rows meet in several places
            gives `place` too; then a column of `adds` is a list of what its places gave.
        """

    def survey(self, rows: pa.Table) -> pa.Table | None:
        """A small summary of some keys, for stages whose choice depends on all of them."""
        del rows
        return None

    def settle(self, surveys: list[pa.Table]) -> object:
        """Turn all surveys, in any order, into the context of `choose`."""
        del surveys
        return None


class EditingStage(KeyedStage):
    """A stage that marks places in the text, learns by key what to do there, then edits.

    Texts are looked through once, when rows are staged (`mark`); what is marked is compared over
    the whole dataset (`keys`, `choose`); survivors are edited when they are written (`edit`).
    """

    marks: ClassVar[tuple[pa.Field, ...]]
    """The columns that `mark` adds to staged rows, not to released ones."""

    @property
    @abstractmethod
    def rules_digest(self) -> str:
        """SHA-256 of what it looks for: rules and models."""

    @property
    @abstractmethod
    def actions(self) -> dict[str, str]:
        """What is done about each kind of what it finds."""

    @property
    def needs_key(self) -> bool:
        """Whether it edits with the identity key."""
        return False

    @abstractmethod
    def mark(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch with the columns of `marks` added."""

    @abstractmethod
    def edit(self, batch: pa.RecordBatch, key: bytes | None) -> pa.RecordBatch:
        """Return the batch with the columns in `writes` added or replaced.

        Args:
            batch: staged rows with the columns of `marks` and what the judge joined.
            key: the identity key, if there is one.
        """


class Evidence(Protocol):
    """Sets too large to travel, fetched for the rows that need them."""

    def __call__(
        self, unit: np.ndarray, row: np.ndarray, column: str
    ) -> tuple[np.ndarray, np.ndarray]:
        """The sets of some rows, flat, and where each ends: (elements,) int64, (rows,) int64."""


class PairedStage(KeyedStage):
    """A keyed stage that compares rows two by two, by sets too large to travel.

    Rows that share any of their keys are candidates (`meet`); then all candidates are decided on
    in one place, by `resolve`, which fetches the sets of just those rows. Rows of former releases
    take part by their index: they can be a reason to drop another row, never be dropped.
    """

    evidence: ClassVar[tuple[str, ...]] = ()
    """The columns of `keys` that stay where they are: list<int64>, sorted."""

    @property
    @abstractmethod
    def travels(self) -> tuple[str, ...]:
        """The columns of `keys`, beside `key`, that members carry."""

    @abstractmethod
    def keys_per_row(self) -> int:
        """About how many keys a row has."""

    def keys(self, batch: pa.RecordBatch, table: str) -> pa.RecordBatch:
        return self.salted(batch, table, 0)

    def meet(self, rows: pa.Table) -> pa.Table:
        """The rows that share a key with another: once a key, in no order."""
        key = rows["key"].to_numpy()
        order = np.argsort(key, kind="stable")
        same = key[order][1:] == key[order][:-1]
        shares = np.zeros(len(key), bool)
        shares[order] = np.append(same, False) | np.append(False, same)
        return rows.filter(pa.array(shares))

    def distinct(self, members: pa.Table) -> pa.Table:
        """The members without the keys whose members are just those of another key."""
        return members

    @abstractmethod
    def resolve(self, rows: pa.Table, members: pa.Table, evidence: Evidence) -> pa.Table:
        """Decide on all candidates at once.

        Args:
            rows: the candidates, each once, with what `choose` is given but for keys; `former`
                marks rows of former releases.
            members: what `meet` gave for all keys: `key`, `unit`, `row`, `place`, `travels`.
            evidence: fetches the sets.

        Returns:
            As `choose`.
        """

    def choose(self, rows: pa.Table, context: object = None) -> pa.Table:
        del rows, context
        raise TypeError(f"{self.name} resolves pairs")


def put(batch: pa.RecordBatch, name: str, column: pa.Array) -> pa.RecordBatch:
    """Add a column, or replace the one of that name."""
    at = batch.schema.get_field_index(name)
    if at < 0:
        return batch.append_column(name, column)
    return batch.set_column(at, name, column)


def drop(
    batch: pa.RecordBatch, where: np.ndarray | pa.Array, by: str, reason: str
) -> pa.RecordBatch:
    """Reject the rows, shape (rows,) bool, where `where` is true; earlier rejections stay."""
    where = pa.array(where, pa.bool_()) if isinstance(where, np.ndarray) else where
    if "dropped_by" in batch.schema.names:
        where = pc.and_(where, pc.is_null(batch["dropped_by"]))
    if not pc.any(where).as_py():
        return batch if "dropped_by" in batch.schema.names else _without_verdict(batch)
    for name, value in zip(VERDICTS, (by, reason), strict=True):
        verdict = pc.if_else(where, pa.scalar(value), pa.scalar(None, pa.string()))
        if name in batch.schema.names:
            verdict = pc.coalesce(batch[name], verdict)
        batch = put(batch, name, verdict)
    return batch


def _without_verdict(batch: pa.RecordBatch) -> pa.RecordBatch:
    for name in VERDICTS:
        batch = put(batch, name, pa.nulls(batch.num_rows, pa.string()))
    return batch


def kept(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The rows that no stage has rejected."""
    if "dropped_by" not in batch.schema.names:
        return batch
    return batch.filter(pc.is_null(batch["dropped_by"]))
