"""What models of topics are fitted to."""

import pyarrow as pa

from pipeline.topics import sampling


def test_a_conversation_counts_once_and_a_text_once() -> None:
    """The last of the states of a conversation is taken, and one of equal conversations."""
    said = [("a", "one"), ("a", "one two"), ("b", "three"), ("c", "three"), ("a", "one two")]
    ids, texts = (pa.array(column) for column in zip(*said, strict=True))
    table = pa.table({"conversation_id": ids, "text": texts, "user_id": pa.nulls(5, pa.string())})

    drawn = [
        sampling.of(table.take(pa.array(order)), 10, 0, 5)
        for order in ([0, 1, 2, 3, 4], [4, 3, 2, 1, 0])
    ]

    assert sorted(drawn[0].texts.to_pylist()) == ["one two", "three"]
    assert drawn[0].ids == drawn[1].ids
    assert drawn[0].texts == drawn[1].texts
