"""Releases as topics are fitted to and looked at in: redacted prompts, and who wrote them.

Users are known by the column `user_id` where it is released, else by the run folder beside the
release; nothing of them is written to a model but counts.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from pipeline import api, files
from pipeline.audit.origin import Origin
from pipeline.folders import Folders
from pipeline.topics import words
from pipeline.topics.model import Assigned, Model

STEP_ROWS = 2048
USER = "user_id"


def rows(place: str) -> Iterator[pa.RecordBatch]:
    """The conversations of a release: `conversation_id`, `conversation` and, if known, `user_id`.

    Args:
        place: a release folder, or the output folder of a run.

    Raises:
        InputError: it is none.
    """
    release, origin = _found(place)
    manifest = api.release_manifest(release)
    wanted = ["conversation_id", "conversation"]
    if USER in manifest.columns["conversations"]:
        wanted, origin = [*wanted, USER], None
    for file in manifest.files:
        if file.config != "conversations":
            continue
        cut, begin = origin.cut(file.path) if origin else None, 0
        with files.open_parquet(files.join(release, file.path)) as source:
            for batch in source.iter_batches(STEP_ROWS, columns=wanted):
                if origin and cut is not None:
                    part = cut.slice(begin, batch.num_rows)
                    users = origin.staged(part, range(part.num_rows), USER)
                    begin += batch.num_rows
                    yield batch.append_column(USER, pa.array(users, pa.string()))
                else:
                    yield batch


def _found(place: str) -> tuple[str, Origin | None]:
    """The release folder, and its run folder if that is beside it."""
    folders = Folders(place.rstrip("/"))
    if not files.exists(files.join(folders.release, "manifest.json")):
        return place, None
    has_run = files.exists(folders.at("plan.json"))
    return folders.release, Origin(folders.run) if has_run else None


def assigned(place: str, *models: Model) -> Iterator[list[Assigned]]:
    """What each model says of the conversations that hold prose, batch by batch."""
    for batch in rows(place):
        texts = words.of_prompts(batch["conversation"])
        texts = texts.filter(pa.array(np.array([bool(text) for text in texts.to_pylist()], bool)))
        yield [model.assign(texts) for model in models]
