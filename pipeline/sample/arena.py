"""The imagined arena: who talks when, on which server, to which model."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

from pipeline.sample import languages, models, scripts, versions
from pipeline.sample.languages import BOOKS
from pipeline.sample.phrasebook import Phrasebook
from pipeline.sample.plan import Item
from pipeline.sample.records import Conversation, Span
from pipeline.sample.scripts import Script

DAY_S = 86_400
MARGIN_S = 7_200  # no conversation starts later than this before the end
MINUTE_S = 60
HOME_SHARE = 0.9  # of what people write is in their own language
BOT = 0  # the user that is no person
BATTLE_TRAITS = {7: "error", 17: "empty_answer"}  # of the right side, in 50 battles
ENGLISH_TRAITS = {"frequent", "bot", "vision", "csam"}
Session = tuple[Conversation, ...]  # one chat, or the two sides of a battle


@dataclass
class Arena:
    """Draws conversations; `begin` in seconds since the epoch, `people` is how many there are."""

    rng: Random
    begin: int
    days: int
    servers: int
    people: int
    languages: list[Phrasebook] = field(init=False)  # of users 0 to 99, 100 to 199, ...

    def __post_init__(self) -> None:
        self.languages = languages.hundred(self.rng)

    def sessions(self, items: list[Item]) -> Iterator[Session]:
        """Chats and battles of a plan; copies come last, since they need an original."""
        originals: list[Conversation] = []
        for item in items:
            if item.kind == "battle":
                yield self._battle(item)
            elif item.trait != "duplicate":
                chat = self._chat(item)
                yield (chat,)
                if item.trait in {"plain", "regenerated"}:
                    originals.append(chat)
        accented = [chat for chat in originals if scripts.has_accents(chat.turns)] or originals
        for item in items:
            if item.trait == "duplicate":
                needs_accents = item.ordinal % 4 == scripts.DECOMPOSED
                yield (self._copy(item, accented if needs_accents else originals),)

    def _chat(self, item: Item) -> Conversation:
        user = self._user(item.trait)
        book = BOOKS["en"] if item.trait in ENGLISH_TRAITS else self._language(user)
        script = scripts.of_chat(self.rng, book, item.trait, item.ordinal)
        model, version, has_csam_image = self._model(item.trait)
        return Conversation(
            identity=self._identity(),
            kind="chat",
            trait=item.trait,
            ordinal=item.ordinal,
            user=user,
            language=book.language,
            server=self.rng.randrange(self.servers),
            model=model,
            version=version,
            turns=script,
            spans=self._spans(self._start(item), (script,))[0],
            has_csam_image=has_csam_image,
        )

    def _battle(self, item: Item) -> Session:
        user = self._user(item.trait)
        book = self._language(user)
        trait = BATTLE_TRAITS.get(item.ordinal % 50, item.trait)
        sides = scripts.of_battle(self.rng, book, trait, item.ordinal)
        names = models.draw_pair(self.rng)
        left, right = self._spans(self._start(item), sides)
        first = Conversation(
            identity=self._identity(),
            kind="battle",
            trait=item.trait,
            ordinal=item.ordinal,
            user=user,
            language=book.language,
            server=self.rng.randrange(self.servers),
            model=names[0],
            version=versions.draw_battle(self.rng),
            turns=sides[0],
            spans=left,
        )
        identity = self._identity()
        return first, replace(
            first, identity=identity, trait=trait, model=names[1], turns=sides[1], spans=right
        )

    def _copy(self, item: Item, originals: list[Conversation]) -> Conversation:
        """The same conversation again: later, by another user, under another id."""
        source = self.rng.choice(originals)
        start = source.finish + MINUTE_S
        start += self.rng.random() * max(0, self._latest - start)
        user = self._user(item.trait)
        script = scripts.copied(source.turns, item.ordinal)
        return replace(
            source,
            identity=self._identity(),
            trait=item.trait,
            ordinal=item.ordinal,
            user=user if user != source.user else 1 + user % (self.people - 1),
            server=self.rng.randrange(self.servers),
            turns=script,
            spans=self._spans(start, (script,))[0],
        )

    def _user(self, trait: str) -> int:
        """Any user; some come far more often than others."""
        if trait == "bot":
            return BOT
        if trait == "frequent":
            return self.rng.randrange(1, self.people)
        return 1 + int((self.people - 1) * self.rng.random() * self.rng.random())

    def _language(self, user: int) -> Phrasebook:
        """What the user speaks; one time in ten it is something else."""
        at_home = self.rng.random() < HOME_SHARE
        return self.languages[user % 100] if at_home else self.rng.choice(self.languages)

    def _model(self, trait: str) -> tuple[str, versions.Version, bool | None]:
        """Model, version of the records, and whether the image is criminal, if there is one."""
        if trait in {"vision", "csam"}:
            return models.SEEING, versions.VISION, trait == "csam"
        version = versions.draw(self.rng)
        model = models.ROUTER if version.is_routed else models.draw(self.rng)
        return model, version, None

    def _identity(self) -> str:
        """32 hexadecimal digits, like those of a random UUID."""
        digits = f"{self.rng.getrandbits(128):032x}"
        return f"{digits[:12]}4{digits[13:16]}{self.rng.choice('89ab')}{digits[17:]}"

    @property
    def _latest(self) -> int:
        return self.begin + self.days * DAY_S - MARGIN_S

    def _start(self, item: Item) -> float:
        """Seconds since the epoch when the first prompt is sent."""
        chance = self.rng.random()
        if item.trait == "bot":
            return self.begin + DAY_S // 2 + chance * MINUTE_S
        if item.trait == "midnight":  # the first answer comes before it, the second after it
            return self.begin + DAY_S * (1 + item.ordinal % (self.days - 1)) - 26 - chance * 4
        return self.begin + chance * (self._latest - self.begin)

    def _spans(self, start: float, sides: tuple[Script, ...]) -> list[tuple[tuple[Span, ...], ...]]:
        """Times of all answers of each side; both sides are asked at the same moment."""
        turns = []
        for asked in zip(*sides, strict=True):
            turns.append([self._attempts(start, len(turn.answers)) for turn in asked])
            start = max(spans[-1].finish for spans in turns[-1]) + 30 + self.rng.random() * 120
        return list(zip(*turns, strict=True))

    def _attempts(self, start: float, answers: int) -> tuple[Span, ...]:
        """An answer takes 2 to 25 seconds; it is read before it is regenerated."""
        spans = []
        for _ in range(answers):
            finish = start + 2 + self.rng.random() * 23
            spans.append(Span(round(start, 4), round(finish, 4)))
            start = finish + 5 + self.rng.random() * 30
        return tuple(spans)
