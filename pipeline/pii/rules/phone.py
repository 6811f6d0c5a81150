"""Telephone numbers: international, in the forms of many countries, and any after a cue."""

# ruff: noqa: RUF001 (other scripts are the subject; a list would take a line a word)

import functools
import re
import unicodedata
from collections.abc import Iterator

import phonenumbers
import re2
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneNumber

from pipeline.pii.rule import WINDOW, Find, Rule

SIGNS = r"[ \x{a0}\x{2009}\x{202f}\x{3000}.\-‐‑‒–−－/()（）]"
RUN = re2.compile(
    (
        rf"(?:[(（]?[+＋] ?)?[(（]?\p{{Nd}}(?:{SIGNS}{{0,3}}\p{{Nd}}){{5,}}"
        r"(?i: ?(?:x|#|,? ?ext\.?|,? ?extension|доб\.?|内线|分机|內線|poste|durchwahl) ?:? "
        r"?\p{Nd}{1,6})?"
    ).encode()
)
"""A stretch of digits; all of them, so that a table's row is one stretch and refused as one."""
OTHER_DIGIT = (
    r"(?:\xd9[\xa0-\xa9]|\xdb[\xb0-\xb9]|\xe0[\xa5\xa7\xa9\xab][\xa6-\xaf]|\xef\xbc[\x90-\x99])"
)
GATE = (
    r"[0-9](?:[ .\-/()]?[ .\-/()]?[ .\-/()]?[0-9]){6}|[0-9](?:\xc2\xa0|\xe2\x80.)[0-9]+"
    rf"(?:\xc2\xa0|\xe2\x80.)[0-9]|{OTHER_DIGIT}.?.?.?{OTHER_DIGIT}.?.?.?{OTHER_DIGIT}"
)
MAX_RUN = 48
"""Bytes; the longest real ones with an extension have 40."""
MIN_DIGITS, MAX_DIGITS = 6, 15

NOUN = (
    r"\b(?:tele?phone?|(?:cell|mobile|smart)? ?phones?|tel|telf|mobile|mob|cell|cellular|whats "
    r"?app|"
    r"viber|sms|fax|hotline|helpline|landline|ph|contact (?:no|number|me)|phone_?(?:no|number)|"
    r"telefon\w{0,8}|telefoon\w*|teléfono|telefone|téléphone|portable|handy\w{0,8}|móvil|celular|"
    r"cellulare|mobil\w{0,8}|komórk\w*|puhelin\w*|rufnummer|nomor (?:hp|telepon|saya|wa)|"
    r"telepon|"
    r"no\.? hp|zadzwoń|appelez|rappelez|llám\w+|llama\w*|ligue|ruf\w{0,3} mich|bel me|ring me|"
    r"(?:my|his|her|our|their) (?:(?:new|old|direct|home|work|contact|personal) )?(?:number|no\.|"
    r"nr)|meine? (?:\w+)?nummer|"
    r"mon numéro|mi número|meu número|mio numero|mijn nummer|mój numer|mitt nummer|"
    r"numărul meu|moje číslo|numaram)"
)
OTHER_NOUN = (
    r"τηλέφωνο|τηλ|κινητό|телефон|\bтел|моб|мой номер|звоните|звони|позвони|ватсап|вотсап"
    r"|电话|手机|電話|手機|致电|联系方式|聯絡|携帯|我的号码|号码是|微信同号|番号は|휴대폰|핸드폰|"
    r"전화|연락처|내 번호|제 번호"
    r"|هاتف|تلفن|جوال|موبایل|موبايل|تليفون|همراه|رقمي|شماره (?:من|تماس)|شمارهٔ من|واتساب|اتصل|טלפון|"
    r"נייד|פלאפון|מספר שלי"
    r"|फ़ोन|फोन|मोबाइल|नंबर|điện thoại|(?i:sđt|đt|số máy|gọi)|โทร|เบอร์|ফোন|মোবাইল|தொலைபேசி|ఫోన్"
)
VERB = (
    r"\b(?:(?:call|dial|calling|answering)(?: (?:me|us|him|her|them|back|you|directly|anytime))*"
    r"(?: (?:at|on|via|by))?"
    r"|(?:reach|text|ring|contact|message|reached|called)(?: (?:me|us|him|her|them|back|you)"
    r"(?: directly| anytime| at| on| via| by)*|(?: at| on| via| by)))"
)
CUE = re2.compile(
    rf"(?i)(?:{NOUN})(?:[^A-Za-z\x{{c0}}-\x{{24f}}\x{{1ea0}}-\x{{1eff}}]|$)|"
    rf"(?:{OTHER_NOUN})".encode()
)
CALL = re2.compile(rf"(?i){VERB}[ :]{{0,3}}$".encode())
NEAR = 32
"""Characters between which a cue stands."""
BREAK = re.compile(
    r"[\d\n!?;<>+*%$€£]|"
    r"(?<!\b[Tt]el)(?<!\bph)(?<!\b[Pp]h)(?<![Nn]o)(?<![Nn]r)(?<!ел)(?<!об)(?<!ell)(?<!mob)(?<!fon)\."
)
BESIDE_MAIL = re2.compile(r"@[A-Za-z0-9.\-]+\.[A-Za-z]+[\s,;|/·•()]{1,5}$".encode())
LABEL_BEHIND = re.compile(
    r"^\W{0,3}(?:office|fax|mobile|cell|home|work|tel|phone)\b|^\W{1,3}[\w.+-]+@\w", re.IGNORECASE
)
BARE_LABEL = re.compile(r"(?i)^\W{0,2}(?:fax|mobile|cell)\b")
OTHER_NUMBER = re.compile(
    r"(?:\b(?:isbn(?:-1[03])?|issn|doi|arxiv|pmid|id|order|invoice|version|v|ssn|ticket|serial|sku|"
    r"port|error|code|page|pp?|line|zip|date|since|year|iban|card|account|acct|number of|build|"
    r"http\S*|seed|timestamp|epoch|unix|price|cost|sum|total)|[$€£¥₹#=_&@~^*<>\\-]|\d[,:])"
    r"[\s:#(]{0,3}\Z",
    re.IGNORECASE,
)
OTHER_CUE = re2.compile(
    r"(?i)imei|serial|kimlik|आधार|aadhaar|passport|\bssn|\bcpf|iban|account|\bcard|pesel|\bdni|"
    r"conta\b|"
    r"konto|hesap|order|invoice|\bpin\b|\botp\b|version|身份证|账号|卡号|口座|계좌".encode()
)
"""Words of other numbers, which may follow `phone`."""
STUCK_BEFORE = re.compile(r"[A-Za-zÀ-ɏͰ-ԯ\d_.\-/$€£¥₹#\\^*&@%]\Z|\d[,:'’]\Z|[$€£¥₹=<>+*^] \Z")
STUCK_BEHIND = re.compile(r"^(?:[A-Za-zÀ-ɏͰ-ԯ_%°$€£¥₹^*\\@]|[.,:'’/\-–+]\w| ?[$€£¥₹%×=*^]|\.\.)")
LABEL_STUCK = re.compile(r"^-(?:office|fax|mobile|cell|home|work)\b", re.IGNORECASE)
DATE = re.compile(
    r"(?:(?:19|20)\d\d\D{1,3}\d{1,2}\D{1,3}\d{1,2}|\d{1,2}\D\d{1,2}\D(?:19|20)\d\d)(?:\D+\d+)*"
    r"|(?:1[0-9]|20)\d\d\D{1,3}(?:1[0-9]|20)\d\d|(?:19|20)\d{6}(?:\D\d{4,6})?"
    r"|\d{1,2}[.:]\d\d ?[-–] ?\d{1,2}[.:]\d\d|[1-9]\d{0,2}(?:\.000)+"
    r"|\d{3}/\d{4}(?:/\d{4})?|\d{1,3}(?:\.\d{1,3}){3}|\d*\.\d+|\d{3}-\d\d-\d{4}"
)
DECIMAL = re.compile(r"\+ ?\d*\.\d+")
NORTH_AMERICAN = re.compile(
    r"(?:\+?1[ .-]?)?(?:\(\d{3}\) ?\d{3}[-. ]\d{4}|\d{3}[- ]\d{3}-\d{4}|\d{3}\.\d{3}\.\d{4})"
)
NATIONAL = re.compile(
    r"0[1-9](?:[ .-]\d\d){4}"  # FR
    r"|0\d{1,3}-\d{3,4}-\d{4}|0\d{1,3}-\d{7,8}"  # JP, KR, CN, IL, PK
    r"|\(0\d{1,4}\)[ -]?\d{3,4}[ -]?\d{3,4}"  # GB, AU, VN, JP
    r"|\(\d\d\) ?9?\d{4}-\d{4}"  # BR
    r"|1[3-9]\d([ -])\d{4}\1\d{4}"  # CN
    r"|[78][ -]?\(\d{3,5}\) ?\d{1,3}[- ]\d\d[- ]\d\d|8-\d{3}-\d{3}-\d\d-\d\d"  # RU
    r"|0 ?\(?5\d\d\)? \d{3} \d\d \d\d"  # TR
    r"|0[1-9]\d \d{3} \d\d \d\d|0[1-9]\d{0,2}-\d{2,3} \d\d \d\d"  # CH, SE
    r"|0[1-9]\d \d{3}-\d\d-\d\d"  # UA
    r"|0[1-9]\d{1,3} \d{3,4} \d{3,4}"  # GB, RO, AU
    r"|001-\d{3}-\d{3}-\d{4}"
)
TOLL_FREE = re.compile(r"(?:1?8(?:00|33|44|55|66|77|88)\d{7})$")
EXTENSION = re.compile(r"(?i) ?(?:x|#|,? ?ext|доб|内线|分机|內線|poste|durch)")
NO_DIGIT = re.compile(r"\D")
SEQUENCE = "01234567890123456789"
FICTIONAL = re.compile(
    r"1?(?:555\d{7}|\d{3}555\d{4})|\d*?(\d)\1{6,}|5550?1?\d{2,4}|(?:44)?0?7700900\d{3}"
    r"|(?:44)?0?(?:20|113|114|115|116|117|118|121|131|141|151|161)(?:7946|496)0\d{3}"
)
"""Numbers of nobody: 555, Ofcom's drama ranges, one digit again and again."""


def _plain(value: str) -> str:
    """Digits and signs of any script as ASCII."""
    if value.isascii():
        return value
    return "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else PLAIN_SIGNS.get(sign, sign)
        for sign in value
    )


PLAIN_SIGNS = dict(zip("＋（）－‐‑‒–−\u00a0\u2009\u202f\u3000", "+()------    ", strict=True))


@functools.lru_cache(maxsize=4096)
def _is_possible(digits: str) -> bool:
    """Whether a country code and a number of a length it has follow each other."""
    for length in (1, 2, 3):
        code = int(digits[:length])
        if code in COUNTRY_CODE_TO_REGION_CODE:
            number = PhoneNumber(country_code=code, national_number=int(digits[length:] or 0))
            return phonenumbers.is_possible_number(number)
    return False


def _is_international(value: str, digits: str, *, cued: bool) -> bool:
    """With a + or 00 in front."""
    if value.startswith("+"):
        enough = 10 if digits == value[1:] else 8
        return (cued or len(digits) >= enough) and _is_possible(digits)
    if digits.startswith("00") and digits[2] != "0" and set(digits) - {"0", "1"}:
        head = re.match(r"00[ -]?([1-9]\d{0,2})[ -]", value)
        is_split = head is not None and int(head.group(1)) in COUNTRY_CODE_TO_REGION_CODE
        return (cued or is_split) and len(digits) > 10 and _is_possible(digits[2:])  # noqa: PLR2004
    return False


def _rule_of(body: str, digits: str, *, cued: bool) -> str:
    """Which rule a stretch of digits belongs to; empty: it is no telephone number."""
    is_shaped = cued or NORTH_AMERICAN.fullmatch(body) is not None or body[0] == "+"
    if is_shaped and _is_fictional(digits):
        return "phone_fictional"
    rule = _shape_of(body, digits, cued=cued)
    return "phone_toll_free" if rule and TOLL_FREE.match(digits) else rule


def _is_fictional(digits: str) -> bool:
    ends = digits[-7:], digits[:9]
    return FICTIONAL.fullmatch(digits) is not None or any(end in SEQUENCE for end in ends)


def _shape_of(body: str, digits: str, *, cued: bool) -> str:
    """The rule by the shape; without one, only a cue makes it a telephone number."""
    if _is_international(body, digits, cued=cued):
        return "phone_international"
    if NORTH_AMERICAN.fullmatch(body):
        return "phone_north_american"
    if NATIONAL.fullmatch(body):
        return "phone_national"
    return "phone_cued" if cued and len(digits) <= MAX_DIGITS else ""


def _trimmed(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Without a bracket that opens before the number and closes behind it."""
    value = data[start:end]
    if value[:1] == b"(" and b")" not in value:
        start += 1
    if value[:2] == b"((":
        start += 1
    return start, end


@functools.lru_cache(maxsize=1)
def _numbers(data: bytes) -> tuple[tuple[int, int, str], ...]:
    """Each number of a text: its first byte, the byte behind it, the rule it belongs to.

    The rules of this module ask for the same text one after the other.
    """
    found: list[tuple[int, int, str]] = []
    for match in RUN.finditer(data):
        start, end = match.span()
        if end - start <= MAX_RUN:
            found += _parts(data, *_trimmed(data, start, end))
    return tuple(found)


def _parts(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """The number of a stretch, or those on either side of a slash."""
    rule = _judged(data, start, end)
    if rule:
        yield start, end, rule
        return
    slash = data.find(b" / ", start, end)
    if slash > 0:
        for first, last in ((start, slash), (slash + 3, end)):
            rule = _judged(data, first, last)
            if rule:
                yield first, last, rule


def _judged(data: bytes, start: int, end: int) -> str:
    """Looks at a stretch and at what stands around it: first at what costs least."""
    before = data[max(0, start - WINDOW) : start].decode("utf-8", "ignore")
    behind = data[end : end + WINDOW].decode("utf-8", "ignore")
    if STUCK_BEFORE.search(before[-3:]):
        return ""
    if STUCK_BEHIND.search(behind) and not LABEL_STUCK.search(behind):
        return ""
    value = _plain(data[start:end].decode("utf-8", "ignore"))
    body = EXTENSION.split(value)[0]
    if body.startswith("(+"):
        body = body[1:].replace(")", " ", 1)
    digits = NO_DIGIT.sub("", body.replace("(0)", ""))
    if not MIN_DIGITS <= len(digits) <= MAX_DIGITS + 2 or not digits.strip("0") or _is_other(body):
        return ""
    rule = _rule_of(body, digits, cued=False)
    if rule and not value.startswith("+ ") and not OTHER_NUMBER.search(before[-24:]):
        return rule
    label = BARE_LABEL if value.isdecimal() else LABEL_BEHIND
    is_labelled = label.search(behind) is not None
    return _rule_of(body, digits, cued=True) if is_labelled or _is_cued(before) else ""


def _is_other(body: str) -> bool:
    """A date, a span of years, a decimal, an IP address."""
    return (DECIMAL if body[0] == "+" else DATE).fullmatch(body) is not None


def _is_cued(before: str) -> bool:
    """Whether a word that announces a number stands near, in the same sentence."""
    near = before[-NEAR:]
    breaks = [*BREAK.finditer(near)]
    if breaks:
        near = near[breaks[-1].end() :]
    if OTHER_CUE.search(near.encode()):
        return False
    return bool(
        CUE.search(near.encode())
        or CALL.search(near.encode())
        or BESIDE_MAIL.search(before.encode())
    )


def _only(rule: str) -> Find:
    def find(data: bytes) -> Iterator[tuple[int, int]]:
        return ((start, end) for start, end, found in _numbers(data) if found == rule)

    return find


def _rule(identity: str, score: float, why: str) -> Rule:
    return Rule(identity, "phone", GATE, find=_only(identity), score=score, source=why)


RULES: tuple[Rule, ...] = (
    _rule("phone_international", 0.98, "ITU-T E.164; lengths by phonenumbers"),
    _rule("phone_north_american", 0.97, "(212) 555-0100, 212-555-0100"),
    _rule("phone_national", 0.95, "shapes that only telephone numbers have"),
    _rule("phone_cued", 0.95, "digits after a word of 20 languages, or beside an e-mail address"),
    _rule("phone_toll_free", 0.6, "hotlines of companies: 800, 888, 877, ..."),
    _rule("phone_fictional", 0.6, "NANP 555, Ofcom's numbers for drama, 123-456-7890"),
)
