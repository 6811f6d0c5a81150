"""Passports, driving licences and number plates: any number of their shape behind their name."""
# ruff: noqa: E501, RUF001 (long rows of words of many scripts)

import re

from pipeline.pii.placeholders import is_repetitive
from pipeline.pii.rule import Match, Rule
from pipeline.pii.rules import columns
from pipeline.pii.surroundings import alone, compact

PASSPORT = (
    "passport|reisepass|passnummer|passeport|pasaporte|passaporte|passaporto|paspoort|paszport"
    "|pasaport|pašaport|putovnic|cestovní(?:ho)? pas|útlevél|διαβατήρι|паспорт|hộ chiếu|paspor"
    "|pasport|护照|護照|パスポート|旅券|여권|جواز|گذرنامه|پاسپورت|דרכון|पासपोर्ट|หนังสือเดินทาง|পাসপোর্ট"
    "|паспорт[ауіе]?|загранпаспорт|закордонн\\w+ паспорт|pasaport(?:um|unun)?|passihuonumero|passin numero|passinumero|pașaport"
    "|passeport(?:e)?|cédula de pasaporte|travel document|reisedokument|document de voyage|旅行证件"
)
LICENCE = (
    r"driver(?:'|’)?s?(?:'|’)?[ _-]?licen[sc]e|driving[ _-]?licen[sc]e|drivers? id|\bdl ?(?:number|num|no|nr|#)"
    r"|driving permit|driver permit|learner'?s? permit|uk licen[sc]e|dvla|führerscheinnummer|fahrerlaubnis|permis b|permis n|numéro de permis"
    r"|licencia de manejo|permiso de conducir|carné de conducir|brevete|licencia n|número de licencia|habilitação|patente b|rijbewijsnummer|körkortsnummer"
    r"|nr prawa jazdy|ajokortin numero|permis auto|permis de conducere|δίπλωμα οδήγησης|άδεια οδήγησης|vozačka dozvola|vodičský preukaz|jogosítvány"
    r"|вод\. ?удостоверени\w+|посвідчення водія|водійськ\w+ посвідчення|номер прав|prawko|驾驶证号|行驶证|驾照号|免許証番号|運転免許証|면허번호|운전면허번호"
    r"|رقم الرخصة|رخصة السياقة|رخصة قيادة|شماره گواهینامه|گواهی‌نامه|מספר רישיון|רשיון נהיגה|ड्राइविंग लाइसेंस नंबर|डीएल नंबर|số gplx|gplx|sim (?:a|b1|c)\b|ehliyet no"
    r"|führerschein|permis de conduire|licencia de conducir|carnet de conducir|carteira de motorista"
    r"|cnh|carta de condução|patente di guida|patente|rijbewijs|körkort|kørekort|førerkort|ajokortti"
    r"|prawo jazdy|prawa jazdy|řidičsk\w+ průkaz|ehliyet|sürücü belgesi|водительск\w+ удостоверени\w+"
    r"|права номер|giấy phép lái xe|bằng lái|sim nomor|驾驶证|驾照|駕照|運転免許|免許証|운전면허|رخصة القيادة"
    r"|گواهینامه|רישיון נהיגה|ड्राइविंग लाइसेंस|ใบขับขี่"
)
PLATE = (
    r"(?:^|[^a-z])plates?|vehicle reg(?:istration)?|car reg|reg(?:istration)? (?:number|mark|plate)|nr rejestracyjny|nr\.? rej|numer rejestracyjny"
    r"|amtliches kennzeichen|immatriculée?|placas|placa do carro|reg\.?nr|regnr|rekisterinumero|nr\.? de înmatriculare|număr de înmatriculare"
    r"|гос\.? ?знак|госзнак|регистрационн\w+ знак|номерной знак|держномер|номерний знак|nopol|no polisi|pelat|biển kiểm soát|车牌照|登録番号|ナンバー"
    r"|차 ?번호|رقم اللوحة|رقم السيارة|شماره پلاک|מספר רכב|לוחית|गाड़ी नंबर|गाड़ी का नंबर|वाहन संख्या|ป้ายทะเบียน|number ?plates?|licen[sc]e plate|car registration|registration plate|reg(?:istration)? no"
    r"|kennzeichen|nummernschild|plaque|immatriculation|matrícula|matricula|placa|targa|kenteken"
    r"|nummerplade|registreringsnummer|kjennemerke|rekisteritunnus|tablic\w* rejestracyjn\w*"
    r"|poznávací značk\w*|rendszám|αριθμός κυκλοφορίας|πινακίδα|plaka|plakası|plakam|госномер"
    r"|гос\. ?номер|номер машины|номер авто|biển số|plat nomor|nomor polisi|车牌|車牌|ナンバープレート"
    r"|車両番号|번호판|차량번호|لوحة|پلاک|לוחית רישוי|नंबर प्लेट|ทะเบียนรถ"
)
VEHICLE = r"vehicle|registered as|vrm|vrn|rego|patente|chapa|plaat|spz|rz|reg|tag|my car|mein auto|ma voiture|mi coche|meu carro|моя машина"
"""What announces a plate less surely."""
VEHICLE_GATE = r"(?i)(?:vehicle|registered as|[^a-z]vr[mn][^a-z]|[^a-z]rego[^a-z]|patente|chapa|plaat|[^a-z]spz[^a-z]|[^a-z]rz[^a-z]|[^a-z]reg[^a-z]|[^a-z]tag[^a-z]|(?:my|mein|ma|mi|meu) (?:car|auto|voiture|coche|carro)|моя машина)"
NUMBER = (
    r"(?:[\s:：#*\"'`=()（）._-]|[’']?s\b|number|numbers|no\b|num\b|nr\b|№|nº|n°|numéro|numero|número"
    r"|nummer|numer|číslo|номер|numarası|numaram|αριθμός|szám|nomor|số|号码|號碼|号|號|番号|는|은|が|は|번호|رقم"
    r"|مספר|מספר|नंबर|หมายเลข|id\b|is\b|was\b|ist\b|lautet|est\b|es\b|é\b|è\b|er\b|är\b|on\b|to\b|jest"
    r"|это|là\b|adalah|هو|هي|है|คือ|为|為|是|of the car|of my car|car\b)*?"
)
GERMAN = re.compile(r"[CFGHJK](?=[A-Z]*[0-9])[CFGHJKLMNPRTVWXYZ0-9]{8}")
"""Nine characters without vowels that begin with a letter of an office."""
YEAR = re.compile(r"(?:19|20)\d\d")
STANDING = "(?:^|[^a-z])"
UK = 16
"""Characters of a British licence."""
BY_BYTES = "(?i)(?:"
"""Gates see bytes: a letter beyond ASCII is no \\w there."""
LETTERS = r"[A-ZА-Я]"


def is_passport(match: Match) -> bool:
    """Whether it has the digits of a number, or the letters of a German one."""
    value = compact(match.value)
    digits = sum(c.isdigit() for c in value)
    return (digits > 3 or GERMAN.fullmatch(value) is not None) and _is_own(match)  # noqa: PLR2004


def is_licence(match: Match) -> bool:
    """Whether it has the digits of a number, or is an Italian one: U1, seven signs, a letter."""
    return is_document(match) or (
        re.fullmatch(r"U1[A-Z0-9]{7}[A-Z]", match.value) is not None and _is_own(match)
    )


def is_document(match: Match) -> bool:
    """Whether it stands alone and has the digits of a number."""
    value = compact(match.value)
    return sum(c.isdigit() for c in value) > 3 and YEAR.fullmatch(value) is None and _is_own(match)  # noqa: PLR2004


def is_plate(match: Match) -> bool:
    """Whether it has a digit in four to ten characters, and is no year."""
    value = compact(match.value)
    has_digit = any(c.isdigit() for c in value)
    is_year = re.fullmatch(r"(?:19|20)\d\d(?:[- ]\d\d)*", match.value) is not None
    return has_digit and 4 <= len(value) <= 10 and not is_year and _is_own(match)  # noqa: PLR2004


def is_vehicle(match: Match) -> bool:
    """As `is_plate`, with two letters and two digits, right behind its word."""
    value = compact(match.value)
    digits = sum(c.isdigit() for c in value)
    if YEAR.search(match.value[-4:]):
        return False
    return is_plate(match) and 4 < len(value) < 10 and digits > 1 and len(value) - digits > 1  # noqa: PLR2004


def _is_own(match: Match) -> bool:
    return alone(match) and not is_repetitive(match.value)


RULES = (
    Rule(
        "passport",
        "passport",
        rf"(?i)(?:{PASSPORT})",
        rf"(?i:(?:{PASSPORT})\w*?{NUMBER})(?P<value>[CFGHJK][CFGHJKLMNPRTVWXYZ0-9]{{8}}\b|[0-9]{{2}} ?[A-Z]{{2}} ?[0-9]{{5}}\b|(?:{LETTERS}{{1,3}}[ -]?)?[0-9]{{2}}[ ]?[0-9]{{2}}[ ]?(?:№ ?)?[0-9]{{2,6}}{LETTERS}?)",
        check=is_passport,
        score=0.9,
        priority=60,
    ),
    Rule(
        "driving_licence",
        "driving_licence",
        BY_BYTES + LICENCE.replace(r"\w+", "[^ ]+") + ")",
        rf"(?i:(?:^|\b|[^a-z])(?:{LICENCE}){NUMBER})(?P<value>[A-Z0-9]{{2,18}}(?:[ -][A-Z0-9]{{2,13}}){{0,4}}|[a-z]{{1,2}}[0-9]{{5,12}})",
        check=is_licence,
        score=0.85,
        priority=24,
    ),
    Rule(
        "plate",
        "plate",
        BY_BYTES
        + PLATE.replace(r"\w*", "[^ ]*").replace(r"\w+", "[^ ]+")
        + r")[^0-9\n]{0,24}[0-9]",
        rf"(?i:(?:^|\b|[^a-z])(?:{PLATE}){NUMBER})"
        r"(?P<value>\p{Han}[A-Z][ ·]?[A-Z0-9]{5,6}|[0-9]{2,3}\p{Hangul} ?[0-9]{4}"
        rf"|(?:{LETTERS}|[0-9]){{1,8}}(?:[ -](?:(?:{LETTERS}|[0-9]){{2,7}}|[0-9])|-{LETTERS}\b| {LETTERS} [0-9]{{2,5}}){{0,3}}|(?i:[авекмнорстух][0-9]{{3}}[авекмнорстух]{{2}} ?[0-9]{{2,3}}))",
        check=is_plate,
        score=0.8,
        priority=24,
    ),
    Rule(
        "plate_vehicle",
        "plate",
        VEHICLE_GATE,
        rf"(?i:(?:^|[^\p{{L}}])(?:{VEHICLE})(?: (?:number|no\.?|nr\.?|plate|is|was|ist|est|es|é|mit|with))?)[ :=#(\"'`]{{1,3}}"
        r"(?P<value>[A-Z]{1,3}[ -]?[0-9]{1,4}[ -]?[A-Z]{0,3}(?:[ -]?[0-9]{1,4})?|[A-Z]{1,3}-[A-Z]{1,2} ?[0-9]{1,4}|[0-9]{1,4}[ -]?[A-Z]{1,3}[ -]?[0-9]{1,4}|[0-9]{1,4}[ -]?[A-Z]{2,3})\b",
        check=is_vehicle,
        score=0.65,
        priority=23,
        source="reg AB12 CDE, vehicle ABC-1234",
    ),
    Rule(
        "driving_licence_uk",
        "driving_licence",
        r"[A-Z][A-Z9][A-Z9][A-Z9][A-Z9][0-9][0156][0-9][0-9][0-9][0-9][A-Z9][A-Z9][0-9A-Z]",
        r"\b[A-Z]{1,5}9{0,4}[0-9][0156][0-9][0-3][0-9][0-9][A-Z][A-Z9][0-9A-Z][A-Z]{2}\b",
        check=lambda match: len(match.value) == UK and _is_own(match),
        score=0.85,
        priority=24,
        source="DVLA: five letters of the name, the date of birth, initials, check signs",
    ),
    Rule(
        "passport_column",
        "passport",
        rf"(?i)(?:{PASSPORT})",
        find=columns.found(rf"(?:{PASSPORT})(?:[ _]?(?:no|number|num|nr|#|id))?\.?"),
        check=columns.alone(lambda match: 6 < len(match.value) < 12 and is_passport(match)),  # noqa: PLR2004
        score=0.85,
        priority=25,
        source="columns of CSV, tables and SQL",
    ),
    Rule(
        "driving_licence_column",
        "driving_licence",
        BY_BYTES + LICENCE.replace(r"\w+", "[^ ]+") + ")",
        find=columns.found(rf"(?:{LICENCE}|dl|licen[sc]e)(?:[ _]?(?:no|number|num|nr|#|id))?\.?"),
        check=columns.alone(lambda match: 6 < len(match.value) < 20 and is_licence(match)),  # noqa: PLR2004
        score=0.75,
        priority=24,
        source="columns of CSV, tables and SQL",
    ),
    Rule(
        "plate_column",
        "plate",
        r"(?i)(?:plates?|plate.no|plate.number|license.plate|registration|vrn|kennzeichen|immatriculation|targa|kenteken|matr.?.?cula|госномер|车牌号?|번호판)[\"'`* ]*[,;|\t\n)]",
        find=columns.found(
            rf"(?:{PLATE.removeprefix(STANDING)})(?:[ _]?(?:no|number|num|nr|#|id))?\.?"
        ),
        check=columns.alone(is_vehicle),
        score=0.75,
        priority=24,
        source="columns of CSV, tables and SQL",
    ),
)
