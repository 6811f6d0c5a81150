"""Prompts and answers, put together from a phrasebook."""

from dataclasses import dataclass
from random import Random

from pipeline.sample import listings, people
from pipeline.sample.listings import Listing
from pipeline.sample.phrasebook import Phrasebook, Topic

PERSONAL_SHARE = 0.1  # of conversations
CONTEXT_SHARE = 0.45  # of first prompts
REPLY_SHARE = 0.4  # of answers in conversations with personal data
SHAPES = {"note": 22, "essay": 50, "list": 22, "guide": 6}  # shapes of answers, per cent


@dataclass(frozen=True)
class Talk:
    """What one conversation is about; it stays the same for all its turns."""

    book: Phrasebook
    topic: Topic
    thing: str
    angle: str
    listing: Listing
    personal: dict[str, str]  # empty in most conversations


def talk(rng: Random, book: Phrasebook) -> Talk:
    """A new thing to talk about in the book's language."""
    topic = rng.choice(book.topics)
    return Talk(
        book=book,
        topic=topic,
        thing=rng.choice(topic.things),
        angle=rng.choice(topic.angles),
        listing=listings.draw(rng),
        personal=people.personal_data(rng, book) if rng.random() < PERSONAL_SHARE else {},
    )


def prompt(rng: Random, about: Talk) -> str:
    """First prompt: a question, sometimes with circumstances and personal data."""
    book = about.book
    texts = [fill(rng, about, rng.choice(about.topic.prompts))]
    if rng.random() < CONTEXT_SHARE:
        texts += [fill(rng, about, text) for text in rng.sample(book.contexts, rng.choice((1, 2)))]
    if about.personal:
        texts.append(fill(rng, about, rng.choice(book.personal)))
    return (book.gap or "\n").join(texts)


def follow_up(rng: Random, about: Talk) -> str:
    """Prompt of a later turn."""
    return fill(rng, about, rng.choice(about.book.follow_ups))


def answer(rng: Random, about: Talk) -> str:
    """Answer of one to a dozen paragraphs in Markdown, 100 to 10,000 characters."""
    shape = rng.choices(tuple(SHAPES), tuple(SHAPES.values()))[0]
    blocks = {"note": _note, "essay": _essay, "list": _list, "guide": _guide}[shape](rng, about)
    if about.topic.name == "coding":
        blocks.insert(1, about.listing.render(rng))
    if about.personal and rng.random() < REPLY_SHARE:
        blocks.append(fill(rng, about, rng.choice(about.book.replies)))
    return "\n\n".join(blocks)


def sentences(rng: Random, about: Talk, count: int) -> list[str]:
    """At most `count` sentences of an answer, half of them on the topic, none twice."""
    topic, remarks = about.topic.sentences, about.book.remarks
    special = rng.sample(topic, min(len(topic), (count + 1) // 2))
    chosen = special + rng.sample(remarks, min(len(remarks), count - len(special)))
    rng.shuffle(chosen)
    return [fill(rng, about, text) for text in chosen]


def fill(rng: Random, about: Talk, template: str) -> str:
    """Template with its slots filled; `other` and `n` differ each time."""
    code = "\n\n" + about.listing.render(rng) + "\n\n" if "{listing}" in template else ""
    return template.format(
        thing=about.thing,
        angle=about.angle,
        other=rng.choice(about.topic.things),
        n=rng.randrange(2, 90),
        kind=about.listing.kind,
        verb=about.listing.verb,
        noun=about.listing.noun,
        listing=code,
        **about.personal,
    )


def _paragraph(rng: Random, about: Talk, count: int) -> str:
    return about.book.gap.join(sentences(rng, about, count))


def _opener(rng: Random, about: Talk) -> str:
    return fill(rng, about, rng.choice(about.book.openers))


def _closer(rng: Random, about: Talk) -> str:
    return fill(rng, about, rng.choice(about.book.closers))


def _note(rng: Random, about: Talk) -> list[str]:
    return [_paragraph(rng, about, rng.randrange(2, 5))]


def _essay(rng: Random, about: Talk) -> list[str]:
    chosen = sentences(rng, about, rng.randrange(5, 14))
    size = rng.randrange(2, 5)
    parts = [chosen[start : start + size] for start in range(0, len(chosen), size)]
    paragraphs = [about.book.gap.join(part) for part in parts]
    return [_opener(rng, about), *paragraphs, _closer(rng, about)]


def _list(rng: Random, about: Talk) -> list[str]:
    items = sentences(rng, about, rng.randrange(3, 8))
    mark = rng.choice(("-", "*", "{}."))
    rows = [f"{mark.format(number)} {item}" for number, item in enumerate(items, 1)]
    return [_opener(rng, about), "\n".join(rows), _closer(rng, about)]


def _guide(rng: Random, about: Talk) -> list[str]:
    """A long answer with a heading for each thing, and a table at the end."""
    things = rng.sample(about.topic.things, len(about.topic.things))
    blocks = [_opener(rng, about)]
    for thing in things[:12]:
        blocks += [f"## {thing}", _paragraph(rng, about, rng.randrange(3, 6))]
    rows = [f"| {thing} | {rng.randrange(1000)} | {rng.random():.3f} |" for thing in things]
    return [*blocks, "\n".join(("| # | n | p |", "|---|---|---|", *rows)), _closer(rng, about)]
