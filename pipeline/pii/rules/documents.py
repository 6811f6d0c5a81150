"""Passports, driving licences and number plates: any number of their shape behind their name."""
# ruff: noqa: E501, RUF001 (long rows of words of many scripts)

import re

from pipeline.pii.placeholders import is_repetitive
from pipeline.pii.rule import Match, Rule
from pipeline.pii.surroundings import alone, compact

PASSPORT = (
    "passport|reisepass|passnummer|passeport|pasaporte|passaporte|passaporto|paspoort|paszport"
    "|pasaport|pašaport|putovnic|cestovní(?:ho)? pas|útlevél|διαβατήρι|паспорт|hộ chiếu|paspor"
    "|pasport|护照|護照|パスポート|旅券|여권|جواز|گذرنامه|پاسپورت|דרכון|पासपोर्ट|หนังสือเดินทาง|পাসপোর্ট"
)
LICENCE = (
    r"driver(?:'|’)?s?(?:'|’)? licen[sc]e|driving licen[sc]e|drivers? id|dl (?:number|no)"
    r"|führerschein|permis de conduire|licencia de conducir|carnet de conducir|carteira de motorista"
    r"|cnh|carta de condução|patente di guida|patente|rijbewijs|körkort|kørekort|førerkort|ajokortti"
    r"|prawo jazdy|prawa jazdy|řidičsk\w+ průkaz|ehliyet|sürücü belgesi|водительск\w+ удостоверени\w+"
    r"|права номер|giấy phép lái xe|bằng lái|sim nomor|驾驶证|驾照|駕照|運転免許|免許証|운전면허|رخصة القيادة"
    r"|گواهینامه|רישיון נהיגה|ड्राइविंग लाइसेंस|ใบขับขี่"
)
PLATE = (
    r"(?:^|[^a-z])plate|number ?plates?|licen[sc]e plate|car registration|registration plate|reg(?:istration)? no"
    r"|kennzeichen|nummernschild|plaque|immatriculation|matrícula|matricula|placa|targa|kenteken"
    r"|nummerplade|registreringsnummer|kjennemerke|rekisteritunnus|tablic\w* rejestracyjn\w*"
    r"|poznávací značk\w*|rendszám|αριθμός κυκλοφορίας|πινακίδα|plaka|plakası|plakam|госномер"
    r"|гос\. ?номер|номер машины|номер авто|biển số|plat nomor|nomor polisi|车牌|車牌|ナンバープレート"
    r"|車両番号|번호판|차량번호|لوحة|پلاک|לוחית רישוי|नंबर प्लेट|ทะเบียนรถ"
)
NUMBER = (
    r"(?:[\s:：#*\"'`=()（）._-]|[’']?s\b|number|numbers|no\b|num\b|nr\b|№|nº|n°|numéro|numero|número"
    r"|nummer|numer|číslo|номер|numarası|numaram|αριθμός|szám|nomor|số|号码|號碼|号|號|番号|는|은|が|は|번호|رقم"
    r"|مספר|מספר|नंबर|หมายเลข|id\b|is\b|was\b|ist\b|lautet|est\b|es\b|é\b|è\b|er\b|är\b|on\b|to\b|jest"
    r"|это|là\b|adalah|هو|هي|है|คือ|为|為|是|of the car|of my car|car\b)*?"
)
BY_BYTES = "(?i)(?:"
"""Gates see bytes: a letter beyond ASCII is no \\w there."""
LETTERS = r"[A-ZА-Я]"


def is_document(match: Match) -> bool:
    """Whether it stands alone and has the digits of a number."""
    value = compact(match.value)
    return sum(c.isdigit() for c in value) > 3 and _is_own(match)  # noqa: PLR2004


def is_plate(match: Match) -> bool:
    """Whether it has a digit in four to ten characters, and is no year."""
    value = compact(match.value)
    has_digit = any(c.isdigit() for c in value)
    is_year = re.fullmatch(r"(?:19|20)\d\d(?:[- ]\d\d)*", match.value) is not None
    return has_digit and 4 <= len(value) <= 10 and not is_year and _is_own(match)  # noqa: PLR2004


def _is_own(match: Match) -> bool:
    return alone(match) and not is_repetitive(match.value)


RULES = (
    Rule(
        "passport",
        "passport",
        rf"(?i)(?:{PASSPORT})",
        rf"(?i:(?:{PASSPORT})\w*?{NUMBER})(?P<value>(?:{LETTERS}{{1,3}}[ -]?)?[0-9]{{2}}[ ]?[0-9]{{2}}[ ]?[0-9]{{2,6}}{LETTERS}?)",
        check=is_document,
        score=0.9,
        priority=25,
    ),
    Rule(
        "driving_licence",
        "driving_licence",
        BY_BYTES + LICENCE.replace(r"\w+", "[^ ]+") + ")",
        rf"(?i:(?:^|\b|[^a-z])(?:{LICENCE}){NUMBER})(?P<value>[A-Z0-9]{{2,18}}(?:[ -][A-Z0-9]{{2,9}}){{0,4}}|[a-z]{{1,2}}[0-9]{{5,12}})",
        check=is_document,
        score=0.85,
        priority=24,
    ),
    Rule(
        "plate",
        "plate",
        BY_BYTES + PLATE.replace(r"\w*", "[^ ]*") + r")[^0-9\n]{0,24}[0-9]",
        rf"(?i:(?:^|\b|[^a-z])(?:{PLATE}){NUMBER})"
        r"(?P<value>\p{Han}[A-Z][ ·]?[A-Z0-9]{5,6}|[0-9]{2,3}\p{Hangul} ?[0-9]{4}"
        rf"|(?:{LETTERS}|[0-9]){{1,8}}(?:[ -](?:(?:{LETTERS}|[0-9]){{2,7}}|[0-9])|-{LETTERS}\b| {LETTERS} [0-9]{{2,5}}){{0,3}})",
        check=is_plate,
        score=0.8,
        priority=24,
    ),
)
