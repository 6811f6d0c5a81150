"""Addresses after words that announce one, and post-office boxes."""

# ruff: noqa: RUF001, SIM905 (other scripts are the subject; a list would take a line a word)

import functools
import re
from collections.abc import Iterator

import re2

from pipeline.pii.rule import Match, Rule
from pipeline.pii.rules.streets import CAPITALS, LETTERS, NOBODY, SIGHTS, ZIP
from pipeline.pii.rules.streets import RULES as STREETS

MAX_BYTES = 160
CUES = (
    r"\b(?:(?:home |mailing |postal |street |shipping |billing |delivery |my |his |her |our |full |"
    r"residential |permanent |current |work |office )*address(?: is| was|:| ?[:=]| ?[-–])"
    r"|(?:i|he|she|we|they) (?:currently )?(?:lives?|resides?|stay|moved|am living|is living) "
    r"(?:at|in|to)"
    r"|(?:living|residing|located|lives|resident) at|my (?:house|home|flat|apartment) is (?:at|on|"
    r"in)"
    r"|(?:ship|send|deliver|mail|post)(?: it| this| them| the \w+)? to:?"
    r"|ich wohne (?:in|an|am)(?: der| dem)?|(?:meine? )?(?:adresse|anschrift|wohnhaft)(?: ist| "
    r"lautet|:| in)"
    r"|j[’']habite(?: au| à| dans)?|mon adresse(?: est|:)?|(?:domicilié|demeurant)e?(?: au| à|:)|"
    r"adresse ?:"
    r"|vivo en|mi dirección(?: es|:)?|dirección ?:|domicilio(?: en| es|:)|moro (?:em|na|no)|resido "
    r"(?:em|na|no)"
    r"|(?:meu )?endereço(?: é|:)|abito (?:in|a)|(?:il mio )?indirizzo(?: è|:)|ik woon (?:in|op|"
    r"aan)|(?:mijn )?adres(?: is|:)"
    r"|mieszkam (?:przy|na|w)|mój adres(?: to|:)?|adres ?:|bydlím (?:na|v)|moje adresa(?: je|:)?|"
    r"adresa ?:"
    r"|locuiesc (?:pe|în|la)|adresa mea este|adresim|alamat(?: saya)?(?: di| adalah|:)|saya "
    r"tinggal di"
    r"|jag bor (?:på|i)|jeg bor (?:på|i)|asun osoitteessa|osoite ?:|lakcímem|címem ?:?|μένω "
    r"(?:στη[νο]?|σε)|διεύθυνση ?:"
    r"|(?:tôi|mình) (?:sống|ở) (?:tại|ở)|địa chỉ(?: của tôi)?(?: là|:))"
    r"|(?:я )?живу (?:по адресу|на|в|во)|(?:мой )?адрес(?: проживания| доставки)?(?: —| -|:)|"
    r"проживаю (?:по адресу|на|в)|зарегистрирован\w* по адресу"
    r"|живу за адресою|моя адреса"
    r"|(?:住所|自宅|実家|送り先|届け先)(?:は|:|：)|(?:地址|住址|家住|我住在|居住在|住在|"
    r"收件地址)(?:是|为|:|：)?"
    r"|(?:주소|집)(?:는|은|:|：)|(?:عنواني|عنوان منزلي|العنوان|أسكن في|أعيش في)(?: هو|:)?|"
    r"(?:آدرس(?: من)?|نشانی)(?: این است|:)?"
    r"|(?:הכתובת שלי|כתובת|אני גר(?:ה)? ב)(?: היא|:)?|(?:मेरा )?पता(?: है|:)|मैं रहता हूँ|ที่อยู่"
)
CUE = re2.compile(rf"(?i)(?:{CUES})[ \x{{3000}}]{{0,2}}\n?[\"'“«「\*]{{0,3}} ?".encode())
GATE = (
    r"(?i)(?:address(?: is| was| ?[:=]| ?-)|(?:live|reside|stay|moved|living|residing|located|"
    r"lives|resident)s? (?:at|in|to) |"
    r"(?:house|home|flat|apartment) is (?:at|on|in) |(?:ship|send|deliver|mail|post)(?: it| this| "
    r"them)? to:? |"
    r"wohn(?:e|haft) (?:in|an)|adresse(?: ist| lautet| est| ?:)|anschrift|habite |domicili\xc3\xa9|"
    r"demeurant|"
    r"vivo en |direcci\xc3\xb3n(?: es| ?:)|domicilio|moro (?:em|na|no) |resido |endere\xc3\xa7o|"
    r"abito |indirizzo|woon (?:in|op|aan) |"
    r"adres(?: is| to| ?:|im)|mieszkam |bydl\xc3\xadm |adresa(?: je| mea| ?:)|locuiesc |alamat|"
    r"tinggal di |"
    r"jag bor |jeg bor |osoit|c\xc3\xadmem|μένω|ιεύθυνση|(?:s\xe1\xbb\x91ng|\xe1\xbb\x9f) "
    r"(?:t\xe1\xba\xa1i|\xe1\xbb\x9f)|\xc4\x91\xe1\xbb\x8ba ch\xe1\xbb\x89|"
    r"иву (?:по|на|в|за)|дрес|роживаю|住所|自宅|実家|送り先|届け先|地址|住址|家住|住在|주소|"
    r"집(?:은|는|:)|عنوان|أسكن|أعيش|آدرس|نشانی|כתובת|אני גר|पता|रहता|ที่อยู่)"
    r"[^\n]*\n?[^\n]*[0-9\xa0-\xbf]"
)
STOP = re2.compile(
    (
        r"입니다|이에요|예요|です|。|！|؟|।|[!?;|<>\t\"”»」*`{}=]|\.(?:\s|$)|\)\s|, (?:and|but|so|"
        r"my|i) | (?:and|but|where|which|with|und|oder|et|pero|mas|ma|maar|i am|is) "
        r"|\(written|https?:|(?i:phone|tel|e-?mail)\b"
    ).encode()
)
ABBREVIATIONS = frozenset(
    (
        "apt ste str st ave blvd rd dr ln ct pl ul al os nr no nº av avda c ctra ap bl sc et d "
        "кв г ул ш пр пер к обл р д стр корп просп наб пл mah cad sok sk cd jl gg kec kab rt rw "
        "hwy pkwy bd n s e w n.e p.o bldg fl rm mt ft po bp q p tp nám č ev ste. unit"
    ).split()
)
CODE = re.compile(
    r"\b[A-Z]{2,3},? (?:\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)\b|\b[A-Z]{1,2}\d[\dA-Z]? "
    r"\d[A-Z]{2}\b|\b\d{6}$"
)
POSTCODE = re.compile(
    r"\b\d{4,10}\b|\b\d{3} \d\d\b|\b\d\d-\d{3}\b|\b\d{5}-\d{3}\b|[A-Z]\d[A-Z] "
    r"?\d[A-Z]\d|\b[A-Z]{1,2}\d\d? \d[A-Z]{2}\b"
)
BEHIND_CODE = re.compile(r"[ ,/]+([\w'’\-]+|/|\([\w ]+\))")
PARTICLES = frozenset("de da do la le sur am an der di del / upon".split())
STREET_WORD = re.compile(
    r"(?i)\b(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|way|"
    r"square|close|terrace|"
    r"apt|suite|flat|unit|floor|box|block|sector|house|nagar|marg|colony|rue|chemin|allée|place|"
    r"impasse|quai|"
    r"calle|avenida|plaza|paseo|carrera|via|viale|piazza|corso|rua|travessa|strada|bulevardul|"
    r"soseaua|ulica|ul|plac|"
    r"jalan|jl|đường|phố|quận|phường|οδός)\b|straße|strasse|str\.|weg\b|gasse|platz|allee|straat|"
    r"laan\b|plein|gatan|vägen|"
    r"mah\.|cad\.|sok\.|sokak|caddesi|mahallesi|ул|пер\.|просп|шоссе|ш\.|д\.|дом|кв|丁目|番|号|路|"
    r"街|区|市|로|길|대로|동|구|شارع|خیابان|کوچه|پلاک|רחוב|रोड|नगर|मार्ग|ถนน"
)
NOT_AN_ADDRESS = re.compile(
    r"(?i)^(?:\d{1,3}(?:\.\d{1,3}){3}|0x|https?:|www\.|[\w.+-]+@|/|::|\d+ (?:minutes?|hours?|"
    r"miles?|km|years?|bedrooms?|people|"
    r"stor|days?|blocks?)|the\b|a\b|an\b|your|\[|<|\{|all\b|this\b|these\b|those\b|any\b|each\b|\$|"
    r"%|_)|[=\[\]{}<>]|://|@"
)


def _line_end(text: str) -> int:
    """Where the sentence ends on this line."""
    data = text.encode()
    at = 0
    while match := STOP.search(data, at):
        start = match.start()
        if data[start : start + 1] == b".":
            word = re.search(r"[^\s,]*$", data[:start].decode("utf-8", "ignore"))
            if word and word.group().lower() in ABBREVIATIONS and start + 2 < len(data):
                at = start + 1
                continue
        if data[start : start + 1] == b")":
            start += 1
        return len(data[:start].decode("utf-8", "ignore"))
    return len(text)


def _cut(line: str) -> str:
    """A line up to the end of its sentence, or of its postcode."""
    line = line[: _line_end(line)]
    code = CODE.search(line)
    if code:
        return line[: code.end()]
    codes = [*POSTCODE.finditer(line)]
    found = codes[-1] if codes else None
    if found and found.start() > 6:  # noqa: PLR2004 (house numbers stand in front)
        return line[: _city_end(line, found.end())]
    return line


def _city_end(line: str, end: int) -> int:
    """Behind the capitalised words that follow a postcode."""
    while word := BEHIND_CODE.match(line, end):
        if not (
            word.group(1)[:1].isupper() or word.group(1)[:1] == "(" or word.group(1) in PARTICLES
        ):
            break
        end = word.end()
    return end


def _value(text: str) -> str:
    """The address at the beginning of a text, over at most two lines; empty: there is none."""
    first, _, rest = text.partition("\n")
    value = _cut(first)
    second = rest.partition("\n")[0]
    if len(value) == len(first) and not _has_postcode(value) and second:
        tail = _cut(second)
        if (_has_postcode(tail) or POSTCODE.match(tail)) and len(tail) < 60 and ":" not in tail:  # noqa: PLR2004 (characters)
            value = f"{first}\n{tail}"
    return value.rstrip(" \t\n,.、。-–:")


def _has_postcode(line: str) -> bool:
    return any(found.start() > 6 for found in POSTCODE.finditer(line)) or bool(  # noqa: PLR2004
        CODE.search(line)
    )


def _is_address(value: str) -> bool:
    """A number, and a word that streets are called by or a postcode."""
    if len(value.encode()) < 9 or NOT_AN_ADDRESS.search(value) or not re.search(r"\d", value):  # noqa: PLR2004
        return False
    if not re.search(r"[^\W\d_]{2}", value) or len(value.split()) > 22:  # noqa: PLR2004 (words)
        return False
    if SIGHTS.search(value) or NOBODY.search(value):
        return False
    named = STREET_WORD.search(value) is not None
    return (
        named
        and re.search(r"(?:[^\W\d_][.,]?\s?\d|\d\s?[^\W\d_]|\d[,/ ]+[^\W\d_])", value) is not None
    ) or (
        POSTCODE.search(value) is not None
        and "," in value.replace("\n", ",")
        and value[:1].isupper() | value[:1].isdigit()
    )


def _find(data: bytes) -> Iterator[tuple[int, int]]:
    """Addresses after a cue."""
    for cue in CUE.finditer(data):
        start = cue.end()
        window = data[start : start + MAX_BYTES]
        known = _shape(window)
        if known:
            yield start, start + known
            continue
        value = _value(window.decode("utf-8", "ignore"))
        if _is_address(value):
            yield start, start + len(value.encode())


def _shape(window: bytes) -> int:
    """Bytes of an address of known shape that begins here; 0: none does."""
    return max((match.end() for shape in _shapes() if (match := shape.match(window))), default=0)


@functools.cache
def _shapes() -> tuple["re2._Regexp", ...]:
    options = re2.Options()
    options.log_errors = False
    return tuple(re2.compile(rule.pattern.encode(), options) for rule in STREETS)


BOX_TAIL = (
    r"(?:,?[ \n](?:(?:APO|FPO|DPO),? A[AEP],? [0-9]{5}(?:-[0-9]{4})?"
    rf"|[{CAPITALS}][{LETTERS}.' \-]{{1,30}},? [A-Z]{{2,3}},? {ZIP}"
    rf"|[0-9]{{4,5}} [{CAPITALS}][{LETTERS}\-]+))?"
)


def _is_box(match: Match) -> bool:
    return (
        not match.before[-1:].isalnum()
        and not re.match(r"\w", match.after)
        and match.value[-3:] != "123"
    )


RULES: tuple[Rule, ...] = (
    Rule(
        "address_cued",
        "address",
        GATE,
        find=_find,
        score=0.9,
        priority=3,
        source="`I live at`, `住所は`, ... in 25 languages, up to the end of the sentence or "
        "postcode",
    ),
    Rule(
        "address_box",
        "address",
        gate=r"(?i)p\.? ?o\.? ?box [0-9]|psc [0-9]+,? box|unit [0-9]+,? box|(?:apo|fpo|dpo),? "
        r"a[aep],? [0-9]|postfach [0-9]|"
        r"postbus [0-9]|bo\xc3\xaete postale [0-9]|apartado (?:de correos |postal )?[0-9]|caixa "
        r"postal [0-9]|casella postale [0-9]|"
        r"/я [0-9]|私書箱",
        pattern=r"(?i:\bp\.? ?o\.? ?box|\b(?:psc|unit|cmr) [0-9]{1,5},? box|\bpostfach|\bpostbus|"
        r"\bboîte postale|\bapartado(?: de correos| postal)?|"
        rf"\bcaixa postal|\bcasella postale|а/я) [0-9]{{1,6}}(?: [0-9]{{2}}\b)?{BOX_TAIL}"
        rf"|(?:[{CAPITALS}][{LETTERS} .'\-]{{0,30}},? )?\b(?:APO|FPO|DPO),? A[AEP],? [0-9]{{5}}",
        check=_is_box,
        score=0.9,
        priority=2,
        source="P.O. Box, PSC and Unit of military mail, Postfach, Apartado, а/я",
    ),
)
