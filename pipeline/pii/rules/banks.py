"""Bank accounts: IBAN by its check digits, others by the words before them."""
# ruff: noqa: E501, RUF001 (long rows of words of many scripts)

import re
from collections.abc import Iterator

from pipeline.pii import checksums
from pipeline.pii.rule import Match, Rule
from pipeline.pii.rules import columns
from pipeline.pii.surroundings import alone, compact

IBAN_LENGTHS = {
    code: length
    for length, codes in {
        15: "NO", 16: "BE", 18: "DK FI FK FO GL NL SD", 19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK", 21: "CH HR LI LV", 22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL", 24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "LY PT ST",
        26: "IS TR", 27: "BI DJ FR GR IT MC MR SM", 28: "AL AZ BY CY DO GT HU LB NI PL SV",
        29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC", 32: "LC", 33: "RU",
    }.items()
    for code in codes.split()
}  # fmt: skip
"""Characters by country. Source: SWIFT's IBAN registry."""
COUNTRY = (
    "(?:A[DELTZ]|B[AEGHIRY]|C[HRYZ]|D[EJKO]|E[EGS]|F[IKOR]|G[BEILRT]|H[RU]|I[ELQST]|JO|K[WZ]"
    "|L[BCITUVY]|M[CDEKNRTU]|N[ILO]|OM|P[KLST]|QA|R[OSU]|S[ACDEIKMOTV]|T[LNR]|UA|V[AG]|XK|YE)"
)
IBAN_GATE = f"{COUNTRY}[0-9]{{2}}[ -]?[0-9A-Z]{{4}}[ -]?[0-9A-Z]{{3}}"
HEAD = re.compile(rf"(?<![A-Za-z0-9]){COUNTRY}[0-9]{{2}}".encode())
ANY_HEAD = re.compile(HEAD.pattern, re.IGNORECASE)
WORD = re.compile(rb"[A-Za-z0-9]*")
PAYING = (
    "iban", "wire", "account", "bank", "transfer", "remit", "konto", "überweis", "compte",
    "virement", "cuenta", "conta", "conto", "bonifico", "rekening", "счет", "счёт", "hesap",
    "rachunek", "účet", "cont", "pay", "deposit", "口座", "账户", "帳戶", "계좌", "حساب", "חשבון",
)  # fmt: skip


def ibans(data: bytes) -> Iterator[tuple[int, int]]:
    """Numbers in capitals of a country's length whose check digits hold."""
    return _ibans(data, HEAD, range(1))


def cued_ibans(data: bytes) -> Iterator[tuple[int, int]]:
    """Numbers in any case, one character too long or short, whose check digits hold."""
    return _ibans(data, ANY_HEAD, range(-1, 2))


def _ibans(data: bytes, heads: re.Pattern[bytes], off: range) -> Iterator[tuple[int, int]]:
    for head in heads.finditer(data):
        length = IBAN_LENGTHS[head.group()[:2].decode().upper()]
        for end in (_end(data, head.start(), length + more) for more in off):
            if end and checksums.iban(compact(data[head.start() : end].decode())):
                yield head.start(), end


def _end(data: bytes, start: int, length: int) -> int:
    """The byte behind so many letters and digits with single separators; 0 where fewer stand."""
    at, left = start, length
    while left:
        word = WORD.match(data, at, at + left)
        size = len(word.group()) if word else 0
        at, left = at + size, left - size
        if left:
            if not size or data[at : at + 1] not in {b" ", b"-"}:
                return 0
            at += 1
    return 0 if data[at : at + 1].isalnum() else at


def is_bic(match: Match) -> bool:
    """Whether the fifth and sixth letters could be a country's."""
    return alone(match)


def is_routing(match: Match) -> bool:
    """Whether a routing number has its check digit and a Federal Reserve prefix."""
    number = compact(match.value)
    prefix = int(number[:2])
    return checksums.aba(number) and (prefix <= 12 or 21 <= prefix <= 32 or 61 <= prefix <= 72)  # noqa: PLR2004


def is_account(match: Match) -> bool:
    """Whether it stands alone, is long enough, and is no row of one digit."""
    number = compact(match.value)
    return alone(match) and len(number) > 5 and len(set(number)) > 2  # noqa: PLR2004


def is_numbered(match: Match) -> bool:
    """As `is_account`, in digits, blanks and hyphens alone."""
    return is_account(match) and re.fullmatch(r"[0-9][0-9 -]{6,22}[0-9]", match.value) is not None


LINK = r"(?:\s*(?:number|numbers|no|num|nr|code|#|is|:|：|是|は|=|-|\.|\*\*|\(|\))){0,5}\s*"
NUMBER_WORDS = (
    r"account|acct|a/c|bank account|checking|savings|kontonummer|konto-nr|kontonr|kto|cuenta"
    r"|compte|conta corrente|conta|conto corrente|rekeningnummer|rekening|номер счета|номер счёта"
    r"|расчетный счет|р/с|hesap no|hesap numaras[ıi]|rachunku|číslo účtu|账号|帐号|帳號|口座番号"
    r"|계좌번호|계좌|số tài khoản|رقم الحساب|חשבון|acc(?:oun)?t[ _]?(?:no|num|number|nr|#)|a/c[ _]no|checking account|savings account|acc no|bankkonto|girokonto"
    r"|número de cuenta|cuenta corriente|cuenta de ahorros|cta\.?|n° de compte|numéro de compte|numero di conto|conto n|conta poupança|conta bancária|c/c|poupança"
    r"|bankrekening|numer konta|nr konta|konto bankowe|konto nr|bankovní účet|číslo konta|számlaszám|bankszámla|cont bancar|tilinumero|bankkonto(?:nummer)?"
    r"|лицевой счет|лицевой счёт|счёт|счет|р/р|номер рахунку|рахунок|банковский счет|номер карты|αριθμός λογαριασμού|银行账户|银行卡号|银行卡|銀行口座|普通預金|普通口座"
    r"|当座預金|口座|통장|입금계좌|stk|tk ngân hàng|nomor rekening|no\.? ?rek(?:ening)?|norek|rek\.?|حساب بنكي|رقم حسابي|رقم حساب|حسابي|شماره حساب|شماره کارت|حساب شماره"
    r"|מספר חשבון|חשבון בנק|מס' חשבון|खाता संख्या|खाता नंबर|बैंक खाता|अकाउंट नंबर|खाता|เลขที่บัญชี|เลขบัญชี|บัญชี"
)
RULES = (
    Rule(
        "iban",
        "iban",
        IBAN_GATE,
        find=ibans,
        cues=PAYING,
        score=0.97,
        cued=0.99,
        priority=45,
        source="ISO 13616",
    ),
    Rule(
        "iban_cued",
        "iban",
        f"(?i){COUNTRY}[0-9]{{2}}[ -]?[0-9A-Z]{{4}}[ -]?[0-9A-Z]{{4}}[ -]?[0-9]",
        find=cued_ibans,
        cues=PAYING,
        score=0,
        cued=0.95,
        priority=44,
    ),
    Rule(
        "bank_account_bic",
        "bank_account",
        r"(?i)(?:swift|(?:^|[^a-z])bic)[^a-z]",
        r"(?i:\b(?:swift|bic)(?:[ /-]{1,3}(?:bic|swift|code))*(?:\s*(?:code|is|:|=|-|#|\*\*)){0,4}\s*)"
        r"(?P<value>[A-Z]{4}[A-Z]{2}[A-Z2-9][A-NP-Z0-9](?:[A-Z0-9]{3})?)\b",
        check=is_bic,
        score=0.85,
        cued=0.85,
        source="ISO 9362",
    ),
    Rule(
        "bank_account_us_routing",
        "bank_account",
        "(?i)routing|(?:^|[^a-z])(?:aba|rtn)[^a-z]",
        r"(?i:\b(?:routing|aba|rtn)(?:[ /]{1,3}(?:transit|routing|aba))*" + LINK + ")"
        r"(?P<value>[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9])\b",
        check=is_routing,
        score=0.95,
        cued=0.95,
        source="American Bankers Association",
    ),
    Rule(
        "bank_account_uk_sort_code",
        "bank_account",
        "(?i)sort.?code",
        r"(?i:\bsort[ -]?code" + LINK + r")(?P<value>[0-9]{2}([- ]?)[0-9]{2}[- ]?[0-9]{2})\b",
        check=alone,
        score=0.9,
        cued=0.9,
    ),
    Rule(
        "bank_account_number",
        "bank_account",
        rf"(?i)(?:{NUMBER_WORDS})[^0-9\n]{{0,14}}[0-9]",
        rf"(?i:(?:^|\b|[^a-z])(?:{NUMBER_WORDS})" + LINK + r")"
        r"(?P<value>[0-9]{2,6}(?:[ -]?[0-9]{2,6}){1,4}(?:-[0-9Xx])?)\b",
        check=is_account,
        score=0.8,
        cued=0.8,
    ),
    Rule(
        "bank_account_of_bank",
        "bank_account",
        r"(?i)(?:은행|뱅크|농협|수협|신협|우체국|银行|銀行|支店|普通|농협|\bbank|ngân hàng|\b(?:bca|bri|bni|mandiri|vietcombank|techcombank|kakaobank)\b)[^0-9\n]{0,9}[0-9]",
        r"(?i:은행|뱅크|농협|수협|신협|우체국|银行|銀行|支店|普通|ngân hàng \p{L}{2,20}|\b(?:bca|bri|bni|bank mandiri|mandiri|vietcombank|techcombank|kakaobank)\b)(?:[ :：]|번호|계좌|卡号|账号|帐号|普通){0,4}"
        r"(?P<value>[0-9]{3,6}-[0-9]{2,6}-[0-9]{4,7}(?:-[0-9]{1,3})?|[0-9]{4}(?:[ -][0-9]{4}){2,3}(?:[ -][0-9]{1,4})?|[0-9]{7,19})\b",
        check=is_account,
        score=0.75,
        cued=0.75,
        source="국민은행 123-45-678901: accounts behind the name of a bank",
    ),
    Rule(
        "bank_account_clabe",
        "bank_account",
        "(?i)clabe",
        r"(?i:\bclabe"
        + LINK
        + r"(?:interbancaria)?[ :]{0,3})(?P<value>[0-9]{3} ?[0-9]{3} ?[0-9]{11} ?[0-9])\b",
        check=is_account,
        score=0.9,
        cued=0.9,
        source="Banco de México",
    ),
    Rule(
        "bank_account_column",
        "bank_account",
        "(?i)(?:account.n|acct|kontonummer|kontonr|konto-nr|rekeningnummer|de cuenta|de compte|numer konta|nr konta|номер сч|账号|帐号|口座番号|계좌)",
        find=columns.found(rf"(?:{NUMBER_WORDS})(?:[ _]?(?:no|number|num|nr|#))?\.?"),
        check=columns.alone(is_numbered),
        score=0.7,
        cued=0.7,
        source="columns of CSV, tables and SQL",
    ),
)
