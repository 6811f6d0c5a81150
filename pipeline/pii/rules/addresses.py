"""Addresses after words that announce one, and post-office boxes."""

# ruff: noqa: RUF001 (other scripts are the subject; a list would take a line a word)

import functools
import itertools
import re
from collections.abc import Iterator
from typing import Any

import re2

from pipeline.pii.rule import Match, Rule
from pipeline.pii.rules.address_extent import DIGIT, value_of
from pipeline.pii.rules.streets import CAPITALS, LETTERS, SIGHTS, UK_CODE, ZIP
from pipeline.pii.rules.streets import RULES as STREETS

MIN_BYTES, MAX_BYTES = 9, 160
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
    r"|(?:주소|집)(?:는|은|:|：)|(?:عنواني|عنوان منزلي|العنوان|(?:أ|ن)سكن في|ساكن في|أعيش في)(?: "
    r"هو|:)?|"
    r"(?:آدرس(?: من)?|نشانی)(?: این است|:)?"
    r"|(?:הכתובת שלי|כתובת|אני גר(?:ה)? ב)(?: היא|:)?|(?:मेरा )?पता(?: है|:)|मैं रहता हूँ|ที่อยู่"
)
CUE = re2.compile(rf"(?i)(?:{CUES})[:：]?[ \t\x{{3000}}]*\n?[\"'“«「\*]{{0,3}} ?".encode())
GATE = (
    r"(?i)(?:address(?: is| was| ?[:=]| ?-)|(?:live|reside|stay|moved|living|residing|located|"
    r"lives|resident)s? (?:at|in|to) [0-9A-Z\x80-\xff]|(?:house|home|flat|apartment) is (?:at|on|"
    r"in) |"
    r"(?:ship|send|deliver|mail|post)(?: it| this| them)? to:? [0-9]|"
    r"wohn(?:e|haft) (?:in|an)|adresse(?: ist| lautet| est| ?:)|anschrift(?: ist|:)|habite |"
    r"domicili\xc3\xa9|demeurant|vivo en |direcci\xc3\xb3n(?: es| ?:)|domicilio|moro (?:em|na|no) |"
    r"resido |endere\xc3\xa7o|abito |indirizzo|woon (?:in|op|aan) |adres(?: is| to| ?:|im)|"
    r"mieszkam |bydl\xc3\xadm |adresa(?: je| mea| ?:)|locuiesc |alamat|tinggal di |"
    r"jag bor |jeg bor |osoit|c\xc3\xadmem|μένω|ιεύθυνση|"
    r"(?:s\xe1\xbb\x91ng|\xe1\xbb\x9f) (?:t\xe1\xba\xa1i|\xe1\xbb\x9f)|\xc4\x91\xe1\xbb\x8ba "
    r"ch\xe1\xbb\x89|"
    r"иву (?:по|на|в|за)|дрес|роживаю|住所|自宅|実家|送り先|届け先|地址|住址|家住|住在|주소|"
    r"집(?:은|는|:)|"
    r"عنوان|سكن في|ساكن في|أعيش|آدرس|نشانی|כתובת|אני גר|पता ?(?:है|:)|मैं रहता|ที่อยู่)"
)


def _find(data: bytes) -> Iterator[tuple[int, int]]:
    """Addresses after a cue, and not beyond the next one."""
    cues = [cue.span() for cue in CUE.finditer(data)]
    for (_, start), (limit, _) in itertools.pairwise([*cues, (len(data), 0)]):
        window = data[start : min(start + MAX_BYTES, limit)]
        if len(window) < MIN_BYTES or not DIGIT.search(window):
            continue
        length = _shape(window)
        if not length or window[length : length + 3].lstrip(b" .,").startswith(b"\n"):
            length = max(length, len(value_of(window.decode("utf-8", "ignore")).encode()))
        if length and not SIGHTS.search(window[:length].decode("utf-8", "ignore")):
            yield start, start + length


def _shape(window: bytes) -> int:
    """Bytes of an address of known shape that begins here; 0: none does."""
    first = window[:1]
    script = "digit" if first.isdigit() else "latin" if first.isascii() else "other"
    return max(
        (match.end() for shape in _shapes(script) if (match := shape.match(window))), default=0
    )


@functools.cache
def _shapes(script: str) -> tuple[Any, ...]:
    """Shapes that may begin with a sign of this script."""
    options = re2.Options()
    options.log_errors = False
    return tuple(
        re2.compile(rule.pattern.encode(), options)
        for rule in STREETS
        if rule.id.removeprefix("address_") in BEGINNINGS[script]
    )


BEGINNINGS = {
    "digit": {"english", "state", "french", "russian", "japanese", "turkish", "vietnamese"},
    "latin": {"english", "state", "germanic", "named", "turkish"},
    "other": {
        "germanic",
        "named",
        "russian",
        "japanese",
        "chinese",
        "korean",
        "turkish",
        "vietnamese",
    },
}
"""Endings of rule ids by what their addresses begin with."""


BOX_TAIL = (
    r"(?:,?[ \n](?:(?:APO|FPO|DPO),? A[AEP],? [0-9]{5}(?:-[0-9]{4})?"
    rf"|[{CAPITALS}][{LETTERS}.' \-]{{1,30}},? [A-Z]{{2,3}},? {ZIP}"
    rf"|[{CAPITALS}][{LETTERS}.' \-]{{1,30}},? {UK_CODE}\b"
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
