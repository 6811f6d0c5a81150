"""Dates of birth: full dates after words of being born."""

# ruff: noqa: E501, RUF001, SIM905 (other scripts are the subject; a list would take a line a word)

import datetime as dt
import re

import re2

from pipeline.pii.rule import Match, Rule
from pipeline.pii.rules import columns, cued

LABEL = (
    r"\b(?:d\.?o\.?b\.?|date[ _]?of[ _]?birth|birth ?date|birth[ _]?day|birth_date|dateofbirth|"
    r"i was born|born|geburtsdatum|geburtstag|geboren|geb\.|geboortedatum|"
    r"née?(?:\(?e\)?)? le|date de naissance|nacido|nacida|nací|fecha de nacimiento|"
    r"nascido|nascida|nasci|data de nascimento|nato|nata|data di nascita|"
    r"urodzon[ya]|urodził\w*|data urodzenia|narozen[aý]?|datum narození|născut[ăa]?|"
    r"data nașterii|född|födelsedatum|født|fødselsdato|syntynyt|syntymäaika|született|"
    r"születési (?:dátum|idő)|doğum tarihi\w*|doğdum|doğumluyum|lahir|tanggal lahir|"
    r"sinh ngày|ngày sinh|γεννήθηκα|ημερομηνία γέννησης)"
    r"|родил(?:ся|ась)|дата рождения|д\.р\.|народи(?:вся|лася)|дата народження"
    r"|生年月日|誕生日|生まれ|出生(?:日期|年月日?|于|於)?|生日|생년월일|생일|태어났"
    r"|дата рожд\w*|год рождения|рожд\.|дн\.? народж\w*|день рождения|день народження|"
    r"\b(?:born on|birthdate|birthdays?|bday|b-day|bdate|d\.o\.b|geb\. ?am|geb\.-?datum|geb\.dat|née?|gebdat|verjaardag|geb\. datum|anniversaire|cumpleaños|nacim\.|"
    r"aniversário|dt\.? ?nasc\w*|nasc\.|compleanno|data ur\.|ur\.|urodziny|nar\.|dat\. nar\.|född den|fødd|synt\.|szül\.|szülinap|d\. ?tarihi|doğ\. ?tar\w*|tgl\.? lahir)\b|出生日|生年|出生时间|생년월|생신|مواليد|تولدم|تولد|יום ההולדת|ת\. ?לידה|ת״ל|जन्म|วันเกิด|เกิดวันที่"
    r"|تاريخ (?:الميلاد|ميلادي|الولادة)|ولدت|تاریخ تولد|متولد|תאריך לידה|נולדתי|יום הולדת|जन्म "
    r"?(?:तिथि|दिनांक|तारीख)|जन्मदिन"
)
GAP = r"[^\p{Nd}\n.!?;]{0,24}?"
AFTER = re2.compile(
    (
        r"(?i)\b(?:i|i'm|im|my|me|mine|ich|mein\w*|bin|mon|ma|mes|suis|j'|mi|soy|tengo|meu|minha|sou|tenho|mio|mia|sono|ho|quando vado|mijn|ben|mam|moje|min|mitt|är|benim|tôi|saya|aku"
        r"|я|мне|мой|моя|мо[её]|меня)\b|我|私|僕|제|저는|내|أنا|هستم|من|אני|שלי|मैं|मेर|हूँ"
    ).encode()
)
"""Who speaks of themselves behind a date."""
DIGIT = r"\p{Nd}"
MONTH = r"\p{L}[\p{L}\p{M}]{2,11}\.?"
DATE = (
    rf"(?:{DIGIT}{{1,2}} ?[./\-] ?{DIGIT}{{1,2}} ?[./\-] ?(?:{DIGIT}{{4}}|{DIGIT}{{2}})\b"
    rf"|{DIGIT}{{4}} ?[./\-] ?{DIGIT}{{1,2}} ?[./\-] ?{DIGIT}{{1,2}}"
    rf"|{DIGIT}{{4}} ?[年년] ?{DIGIT}{{1,2}} ?[月월] ?{DIGIT}{{1,2}} ?[日일]?"
    rf"|{MONTH} {DIGIT}{{1,2}}(?:st|nd|rd|th)?,? (?:of )?{DIGIT}{{4}}"
    rf"|{DIGIT}{{1,2}}(?:st|nd|rd|th|er|º|\.)?[ \-](?:of |de |d')?{MONTH},?[ \-](?:of |de |del |"
    rf"năm )?{DIGIT}{{4}}"
    rf"|{DIGIT}{{1,2}} tháng {DIGIT}{{1,2}},? năm {DIGIT}{{4}})"
)
MONTHS = (
    "jan feb mar apr may jun jul aug sep oct nov dec agu des peb mär mai okt dez fév fev avr juin "
    "juil "
    "aoû déc ene abr ago dic mag giu lug set ott gen out maa mei sty lut kwi maj cze lip "
    "sie wrz paź lis gru led úno bře dub kvě čer srp zář říj pro ian iun iul noi ağu oca "
    "şub nis haz tem eyl eki kas ara янв фев мар апр мая май июн июл авг сен окт ноя дек "
    "янв січ лют бер кві тра чер лип сер вер жов лис гру יאנ ינו פבר מרץ אפר מאי יונ יול "
    "אוג ספט אוק נוב דצמ ينا فبر مار أبر ماي يون يول أغس سبت أكت نوف ديس کان جنو فوری مار "
    "آور مه ژوئ اوت سپت اکت نوا دسا فرو ارد خرد تیر مرد شهر مهر آبا آذر دی بهم اسف जनव फ़र "
    "फरव मार्च अप्रै मई जून जुला अगस्त सितं अक्टू नवं दिसं"
).split()
LABELLED = re2.compile(
    (
        r"(?i)(?:d\.?o\.?b|birth|data|date|datum|fecha|dátum|dato|aika|tarih|tanggal|ngày|"
        r"ημερομηνία|"
        r"дата|д\.р|"
        r"年月日|日期|生日|誕生日|생년월일|생일|تاريخ|تاریخ|תאריך|तिथि|दिनांक|तारीख)[^\d]{0,40}$"
    ).encode()
)
FIRST_PERSON = re2.compile(
    (
        r"(?i)(?:\b(?:i|i'm|im|ich|je|yo|eu|io|ik|ja|jag|jeg|my|mein\w*|mon|ma|mi|saya|tôi|я|мене|"
        r"ben)\b|"
        r"私|僕|我|나는|저는|제|אני|انا|أنا|من|मैं|मेर|\b(?:nací|nasci|doğdum|doğumluyum|γεννήθηκα|"
        r"ولدت|נולדתי))[^\n]{0,40}$"
    ).encode()
)


def _year(value: str) -> int | None:
    """The year of a date, if all of it can be a day of someone who lives."""
    numbers = [int(number) for number in re.findall(r"\d+", value)]
    if len(numbers) not in {2, 3}:
        return None
    years = [number for number in numbers if number > 31]  # noqa: PLR2004 (days of a month)
    rest = [number for number in numbers if number <= 31]  # noqa: PLR2004
    year = years[0] if years else numbers[-1]
    if len(years) > 1 or (not years and len(rest) != len(numbers)) or 0 in rest[: len(numbers) - 1]:
        return None
    if len(numbers) == 3 and years and min(rest) > 12:  # noqa: PLR2004 (months)
        return None
    return year + 1900 if year < 100 else year  # noqa: PLR2004 (two digits)


def _is_date(match: Match) -> bool:
    """A day in living memory, written in full."""
    year = _year(match.value)
    if year is not None and 1290 < year < 1410 and re.search("[\u0600-\u06ff]", match.value):  # noqa: PLR2004
        return True  # a year of the Persian calendar
    if year is None or not 1910 <= year <= dt.date.max.year or year > 2100:  # noqa: PLR2004
        return False
    words = re.findall(r"[^\W\d_]{3,}", match.value.lower())
    known = all(word[:3] in SHORT_MONTHS for word in words if word not in {"del", "năm", "tháng"})
    return known and not re.match(r"[/\-.]?\d", match.after)


def _is_date_alone(match: Match) -> bool:
    return WHOLE.fullmatch(match.value) is not None and _is_date(match)


WHOLE = re.compile(r"[\w.,/\- ]{6,32}")
SHORT_MONTHS = frozenset(month[:3] for month in MONTHS)


def _is_told(match: Match) -> bool:
    """In words, without a label, of no first person: so lives of known people are told."""
    if LABELLED.search(match.before.encode()) or FIRST_PERSON.search(match.before.encode()):
        return False
    return any(map(str.isalpha, match.value))


def _is_near(match: Match) -> bool:
    """Told, but of the writer's own: `He was born on May 2, 1950 and is my twin`; or the first words."""
    is_first = re.fullmatch(r"[\s\W]*\w*\W?\w*\W*", match.before) is not None
    return (
        _is_date(match)
        and _is_told(match)
        and (is_first or AFTER.search(match.after.partition("\n")[0].encode()) is not None)
    )


def _is_own(match: Match) -> bool:
    return _is_date(match) and not _is_told(match)


GATE = (
    r"(?i)(?:\bd\.?o\.?b\b|\bb-?day|bdate|birth[ _]?da(?:y|te)|of[ _]?birth|\bborn\b|geboren|\bgeb\. ?[0-9]|"
    r"geburts|geboorte|"
    r"naissance|\bn\xc3\xa9e?(?:\(e\))? le|nacid[oa]|nacimiento|nac\xc3\xad |nascid[oa]|nascimento|"
    r"\bnasci |"
    r"\bnat[oa] (?:il|a) |nascita|urodz|narozen|n\xc4\x83scut|na\xc8\x99terii|\bf\xc3\xb6dd|"
    r"f\xc3\xb6delse|"
    r"\bf\xc3\xb8dt|f\xc3\xb8dsels|syntyny|syntym\xc3\xa4aika|sz\xc3\xbclet|do\xc4\x9fum|"
    r"do\xc4\x9fdum|\blahir|"
    r"sinh ng|ng\xc3\xa0y sinh|εννήθηκα|έννησης|ожден|одил(?:ся|ась)|ародив|ародил|生年|誕生日|"
    r"出生|生日|nasc\\.|nar\\.|gebdat|rjaardag|cumplea\xc3\xb1os|anivers\xc3\xa1rio|compleanno|\bur\. ?[0-9]|\bdata ur|sz\xc3\xbcl\.|tgl\.? lahir|"
    r"рожд\.|вродж|วันเกิด|เกิดวันที่|مواليد|"
    r"生まれ|생년월|생신|생일|태어났|ميلاد|ولدت|ولادة|تولد|לידה|נולדתי|הולדת|जन्म)"
)

FIGURE = re.compile(rb"[0-9\xd9\xdb\xe0\xef]")
"""A digit, or what one of another script begins with."""
FIND = cued.behind(f"(?i)(?:{LABEL})", f"(?i){GAP}(?P<value>{DATE})", FIGURE, within=160)

RULES: tuple[Rule, ...] = (
    Rule(
        "date_of_birth",
        "date_of_birth",
        gate=GATE,
        find=FIND,
        check=_is_own,
        score=0.9,
        source="full dates within a few words of `born`, `DOB`, ... of 25 languages",
    ),
    Rule(
        "date_of_birth_told",
        "date_of_birth",
        gate=GATE,
        find=FIND,
        check=lambda match: _is_date(match) and _is_told(match),
        score=0.4,
        source="`was born on May 2, 1950`: mostly lives of known people",
    ),
    Rule(
        "date_of_birth_near",
        "date_of_birth",
        gate=GATE,
        find=FIND,
        check=_is_near,
        score=0.6,
        source="`born on May 2, 1950` of the writer's own, or as the first words of a text",
    ),
    Rule(
        "date_of_birth_column",
        "date_of_birth",
        gate=GATE,
        find=columns.found(rf"(?:{LABEL})(?: ?\(?[dmyt./\- ]{{6,12}}\)?)?"),
        check=_is_date_alone,
        score=0.65,
        source="columns of CSV, tables and SQL",
    ),
)
