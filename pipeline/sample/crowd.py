"""Traffic that repeats itself: thousands who say hi, a bot that asks again and again."""

import json
from random import Random

from pipeline.sample import writing
from pipeline.sample.english_topics import TOPICS
from pipeline.sample.languages import BOOKS

GREETING = "hi"
HELLOS = (
    "Hello there!",
    "Hi! Nice to meet you.",
    "Hey, good to see you.",
    "Greetings!",
    "Hello, and welcome.",
    "Hi, how is your day going?",
    "Good day to you!",
)
OFFERS = (
    "I can {0}, {1} or {2}.",
    "Shall we {0}? Or would you rather {1}, or perhaps {2}?",
    "Others asked me today to {0}, to {1} and to {2}.",
    "If you have no plan yet: we could {0}, {1}, or simply {2}.",
    "Just now I feel ready to {0}; after that we might {1} and {2}.",
)
TASKS = {
    "cooking": "find a recipe for {}",
    "travel": "plan a trip to {}",
    "maths": "go through {}",
    "letters": "draft a message about {}",
    "history": "look back at {}",
    "business": "think about opening {}",
    "games": "invent a game about {}",
    "role play": "tell a story of {}",
    "small talk": "chat about {}",
}
QUESTIONS = (
    "What would you like?",
    "Where do we start?",
    "What is on your mind?",
    "Or is it something else entirely?",
    "Just tell me.",
)
THINGS = {topic.name: topic.things for topic in TOPICS}
FEELINGS = ("positive", "negative", "neutral", "mixed")


def greeting(rng: Random) -> str:
    """One of some hundred million answers to "hi"."""
    tasks = [TASKS[name].format(rng.choice(THINGS[name])) for name in rng.sample(tuple(TASKS), 3)]
    return " ".join((rng.choice(HELLOS), rng.choice(OFFERS).format(*tasks), rng.choice(QUESTIONS)))


def request(rng: Random, number: int) -> tuple[str, str]:
    """Prompt and answer number `number` of a bot that has texts classified."""
    about = writing.talk(rng, BOOKS["en"])
    text = " ".join(writing.sentences(rng, about, 4))
    reason = " ".join(writing.sentences(rng, about, 2))
    answer = json.dumps({"sentiment": rng.choice(FEELINGS), "reason": reason}, indent=1)
    return f"Classify the sentiment of text {number} as JSON.\n\nText: {text}", answer
