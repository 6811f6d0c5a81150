"""The funnel, the recipe, the columns, and every number in a sentence, are reckoned again."""

from collections import Counter

from tests.card.conftest import Carded
from tests.card.page import Page, whole


def test_the_funnel_is_the_books(page: tuple[Page, int], carded: Carded) -> None:
    """Every line and row is in it once: totals as the books have them, reasons or their rest."""
    made, minimum = page
    books = carded.books
    rows = iter(made.table("How it was made", 1))

    def parts(counts: dict[str, int], following: list[str]) -> list[str]:
        left = dict(counts)
        row = following
        while row[0] in left:
            assert whole(row[1]) == left.pop(row[0]) >= minimum
            row = next(rows)
        if "reasons that are too rare" in row[0]:
            assert whole(row[0].split()[0]) == len(left) > 0
            assert whole(row[1]) == sum(left.values())
            left, row = {}, next(rows)
        assert not left
        return row

    assert next(rows) == ["lines of log", f"{books.lines:,}"]
    assert whole(next(rows)[1]) == sum(books.quarantined.values())
    row = parts(books.quarantined, next(rows))
    assert whole(row[1]) == books.absorbed
    for table in books.staged:
        assert next(rows) == [f"rows of {table}", f"{books.staged[table]:,}"]
        dropped = books.dropped.get(table, {})
        assert next(rows) == ["dropped", f"{sum(dropped.values()):,}"]
        row = parts(dropped, next(rows))
        left = books.held.get(table, books.released.get(table))
        assert row == ["released" if table in books.released else "kept, not released", f"{left:,}"]
    assert list(rows) == []


def test_sentences_hold_no_other_number(page: tuple[Page, int], carded: Carded) -> None:
    """What is not in a table is reckoned here, section by section; all else has no number."""
    made, minimum = page
    rows = carded.rows
    days = sorted({row["timestamp"].date().isoformat() for row in rows})
    turns = Counter(row["turn"] for row in rows)
    first = f"{len(rows):,} {sum(len(row['conversation']) for row in rows):,}"
    period = f"{days[0]} {days[-1]}".replace("-", " ")
    expected: dict[str, list[str]] = {name: [] for name in made.sections} | {
        "Conversations of a chatbot arena": f"{first} {period}".split(),
        "Personal data": [f"{sum(one.count for one in carded.release.redactions):,}"],
    }
    for name, section in made.sections.items():
        if name not in {"Statistics", "What conversations have"}:
            assert section.numbers == expected[name], name

    assert whole(made.sections["Statistics"].numbers[-1]) == minimum
    line = next(text for text in made.sections["Statistics"].text if "by turns" in text)
    counted = 0
    for one in line.split(": ", 1)[1].split(" · "):
        span, count = one.rsplit(": ", 1)
        ends = [whole(end) for end in span.split(" to ")]
        assert whole(count) == sum(of for turn, of in turns.items() if ends[0] <= turn <= ends[-1])
        counted += whole(count)
    assert counted == len(rows)
    copies = [sum(row[name] for row in rows) for name in ("duplicates", "near_duplicates")]
    shown = [minimum, *(max(minimum, of) if of else 0 for of in copies)]
    assert list(map(whole, made.sections["What conversations have"].numbers)) == shown


def test_names_in_sentences_are_those_of_the_release(
    page: tuple[Page, int], carded: Carded
) -> None:
    """Ids, digests and versions in the text are the manifest's."""
    made = page[0]
    release = carded.release

    codes = [code for code in made.sections["Reproduction"].codes if code[0] in "0123456789abcdef"]
    assert release.release in codes
    assert release.recipe in codes
    assert release.version in codes
    assert release.redaction_rules in made.sections["Personal data"].codes
    assert carded.rows[0]["moderation_model"] in made.sections["Moderation"].codes
    assert made.sections["Citation"].fences[0].count(release.release) == 1


def test_stages_and_options_are_those_of_the_recipe(page: tuple[Page, int], carded: Carded) -> None:
    """Each stage in order, with the numbers and words it was given."""
    for row, stage in zip(page[0].table("How it was made"), carded.made.stages, strict=True):
        assert row[1] == stage.name
        for told in filter(None, row[3].removesuffix("-").split(", ")):
            if told.endswith(" given"):
                continue
            name, value = told.split(": ")
            is_of = getattr(stage, name)
            assert value == (str(is_of).lower() if isinstance(is_of, bool) else str(is_of))
    assert [row[0] for row in page[0].table("How it was made")] == [
        str(at + 1) for at in range(len(carded.made.stages))
    ]


def test_columns_are_those_of_the_release(page: tuple[Page, int], carded: Carded) -> None:
    """Every column of the shards has a line, with its type."""
    listed = [row[0] for row in page[0].table("Columns")]

    assert listed == list(carded.rows[0])
    assert set(listed) == carded.release.columns["conversations"].keys()
