"""The accounts of a run: where every line went. A run whose books do not balance fails."""

from collections.abc import Iterable

from pipeline.errors import BooksError
from pipeline.stages.feedback import ABSORBED, LOST
from pipeline.staging import add
from schemas.manifest import Books, JudgeReceipt, StageReceipt, WriteReceipt


def balanced(
    staged: Iterable[StageReceipt], judged: JudgeReceipt, written: Iterable[WriteReceipt]
) -> Books:
    """The books of a finished run.

    Raises:
        BooksError: a line or a row is missing, or there is one too many.
    """
    books = Books(0, {}, 0, {}, {}, {}, {})
    for receipt in staged:
        books.lines += receipt.lines
        add(books.staged, receipt.rows)
        add(books.quarantined, receipt.quarantined)
    for write in written:
        add(books.released, {write.shard.split("-", 1)[0]: write.rows})
    books.dropped = {table: dict(sorted(d.items())) for table, d in judged.dropped.items() if d}
    feedback = books.dropped.pop("feedback", {})
    books.staged.pop("feedback", 0)
    books.absorbed = feedback.pop(f"tag_feedback: {ABSORBED}", 0)
    unread = judged.kept.get("feedback", 0)
    lost = sum(feedback.values())
    add(books.quarantined, {LOST: lost} if lost else {})
    if unread:
        add(books.quarantined, {"feedback_not_asked_for": unread})
    books.held = {
        table: rows
        for table, rows in judged.kept.items()
        if rows and table != "feedback" and table not in books.released
    }
    _check(books)
    return books


def _check(books: Books) -> None:
    quarantined = sum(books.quarantined.values())
    accounted = sum(books.staged.values()) + books.absorbed + quarantined
    if books.lines != accounted:
        raise BooksError(
            f"{books.lines:,} lines were read, but {accounted:,} are accounted for: "
            f"{sum(books.staged.values()):,} staged, {books.absorbed:,} absorbed, "
            f"{quarantined:,} quarantined"
        )
    for table, rows in books.staged.items():
        dropped = sum(books.dropped.get(table, {}).values())
        left = books.released.get(table, 0) + books.held.get(table, 0)
        if rows != dropped + left:
            raise BooksError(
                f"{table}: {rows:,} rows were staged, but {left:,} released or held and "
                f"{dropped:,} dropped"
            )
