"""Device ids: IMEI, vehicle numbers, serial numbers and advertising ids behind their name."""
# ruff: noqa: E501, RUF001 (long rows of words of many scripts)

import re

from pipeline.pii import checksums
from pipeline.pii.placeholders import is_placeholder
from pipeline.pii.rule import Match, Rule
from pipeline.pii.rules import columns
from pipeline.pii.surroundings import alone, compact

SERIAL = (
    r"serial ?(?:number|no|#|num)|s/n|seriennummer|numéro de série|número de série|número de serie"
    r"|numero di serie|serienummer|numer seryjny|серийный номер|seri numarası|序列号|序號|シリアル番号"
    r"|일련번호|الرقم التسلسلي|serial|serie ?nr|seriennr|sn:|sn#|ser\. ?no|numero seriale|número serial|nº de serie|n° de série|no\.? de série|matricola"
    r"|nr seryjny|výrobní číslo|sériové číslo|sorozatszám|gyári szám|număr de serie|seriell|sarjanumero|serijski broj|σειριακός αριθμός|серийник|зав\. ?№"
    r"|серійний номер|заводской номер|seri no|số sê-?ri|số seri|nomor seri|no\.? seri|机身号|產品序號|产品序列号|出厂编号|シリアルナンバー|シリアル|製造番号|시리얼 ?(?:번호|넘버)"
    r"|시리얼|제조번호|رقم تسلسلي|السيريال|سيريال|شماره سریال|سریال|מספר סידורי|सीरियल नंबर|सीरियल नम्बर|क्रमांक संख्या|หมายเลขเครื่อง|ซีเรียล"
)
DEVICE = r"device[ _-]?id|udid|idfa|gaid|android[ _-]?id|advertising[ _-]?id|imsi|iccid|hardware[ _-]?id|hwid"
DEVICE += (
    r"|aaid|idfv|adid|gps_adid|vendor[ _-]?id|machine[ _-]?(?:id|guid)|chip[ _-]?id|device[ _-]?(?:token|uuid|serial)|fcm[ _-]?token|push[ _-]?token|esn|eid"
    r"|identifiant publicitaire|gerätekennung|geräte-?id|id del dispositivo|id do dispositivo|id urządzenia|id thiết bị|id perangkat|cihaz kimliği"
    r"|рекламный идентификатор|идентификатор устройства|id устройства|设备号|设备id|設備id|デバイスid|端末id|기기 ?id|معرف الجهاز|شناسه دستگاه|מזהה מכשיר"
)
SAMPLE = "550e8400-e29b-41d4-a716-446655440000"
"""The UUID of every manual."""
LINK = r"(?:[\"'`*)]{0,3}\s{0,2}(?:number|no\.?|num|nr\.?|№|code|is|was|ist|est|es|é|è|to|to je|jest|là|adalah|\.|:|=|#|：|是|为|は|が|는|은|هو|است|הוא|है| ){0,4}\s{0,2}[\"'`*(]{0,2})"


def is_imei(match: Match) -> bool:
    """Whether its last digit is Luhn's and it stands alone."""
    number = compact(match.value)
    return checksums.luhn(number) and len(set(number)) > 2 and alone(match)  # noqa: PLR2004


def is_vin(match: Match) -> bool:
    """Whether the check digit holds, and letters and digits are mixed as makers mix them."""
    value = match.value.upper()
    letters = sum(c.isalpha() for c in value)
    return 2 <= letters <= 12 and value[-4:].isdigit() and checksums.vin(value) and alone(match)  # noqa: PLR2004


def is_cued_vin(match: Match) -> bool:
    """Whether it ends in the digits of a serial number; European ones have no check digit."""
    return match.value[-4:].isdigit() and alone(match) and not is_placeholder(match.value)


def is_serial(match: Match) -> bool:
    """Whether it has digits and stands for itself; capitals and digits in a row need but one."""
    value = match.value
    digits = sum(c.isdigit() for c in value)
    is_mixed = digits > 0 and re.fullmatch(r"[A-Z0-9]{10,14}", value) is not None
    is_apart = alone(Match(value, re.sub("=$", " ", match.before), _before_field(match.after)))
    return (digits > 2 or is_mixed) and len(value) > 5 and is_apart and not is_placeholder(value)  # noqa: PLR2004


def is_device(match: Match) -> bool:
    """Whether it has the digits of an id: no word, no name of a field."""
    is_sample = match.value.lower() == SAMPLE
    return is_serial(match) and not is_sample and sum(c.isdigit() for c in match.value) > 3  # noqa: PLR2004


def _before_field(after: str) -> str:
    """What stands behind a value of a query, without the next field."""
    return "" if after.startswith("&") else after


RULES = (
    Rule(
        "device_id_imei",
        "device_id",
        "(?i)imei|(?:^|[^a-z])meid[^a-z]|串号",
        r"\b[0-9]{2}(?:[ -]?[0-9]{6}[ -]?[0-9]{6}|[ -]?[0-9]{4}[ -]?[0-9]{2}[ -]?[0-9]{6})[ -]?[0-9]\b",
        check=is_imei,
        cues=("imei", "meid", "串号"),
        score=0,
        cued=0.97,
        priority=41,
        source="3GPP TS 23.003",
    ),
    Rule(
        "device_id_vin",
        "device_id",
        "(?:[A-HJ-NPR-Z][A-HJ-NPR-Z0-9]|[0-9][A-HJ-NPR-Z])[A-HJ-NPR-Z0-9]{11}[0-9]{4}",
        r"\b[A-HJ-NPR-Z0-9]{13}[0-9]{4}\b",
        check=is_vin,
        cues=(
            "vin",
            "vehicle",
            "chassis",
            "fahrgestell",
            "châssis",
            "bastidor",
            "chassi",
            "telaio",
            "шасси",
            "车架",
            "車架",
            "車台番号",
            "차대번호",
            "شاسی",
            "שלדה",
            "şasi",
            "khung",
            "rangka",
        ),
        score=0.7,
        cued=0.95,
        priority=30,
        source="ISO 3779, 49 CFR 565",
    ),
    Rule(
        "device_id_vin_cued",
        "device_id",
        r"(?i)(?:^|[^a-z])vin[^a-z]|vehicle identification|chassis n|fahrgestell|bastidor|numéro de châssis",
        r"(?i)\b[A-HJ-NPR-Z0-9]{13}[0-9]{4}\b",
        check=is_cued_vin,
        cues=("vin", "vehicle identification", "chassis", "fahrgestell", "châssis", "bastidor"),
        score=0,
        cued=0.9,
        priority=29,
    ),
    Rule(
        "device_id_serial",
        "device_id",
        rf"(?i)(?:{SERIAL})",
        rf"(?i:(?:^|\b|[^a-z])(?:{SERIAL}){LINK})(?P<value>[A-Z0-9]{{2,}}(?:-?[A-Z0-9]{{2,}}){{1,5}})",
        check=is_serial,
        score=0.75,
        priority=10,
    ),
    Rule(
        "device_id_cued",
        "device_id",
        rf"(?i)(?:{DEVICE})[^a-z]",
        rf"(?i:(?:\b|_)(?:{DEVICE}){LINK})(?P<value>[A-Za-z0-9]{{8,}}(?:-[A-Za-z0-9]{{4,}}){{0,5}})",
        check=is_device,
        score=0.75,
        priority=10,
    ),
    Rule(
        "device_id_column",
        "device_id",
        "(?i)(?:imei|serial|udid|device.id|android.id|idfa|iccid|imsi|serien|序列号|일련번호)",
        find=columns.found(rf"(?:{SERIAL}|{DEVICE}|imei)(?:[ _]?(?:no|number|num|nr|#))?\.?"),
        check=columns.alone(is_device),
        score=0.65,
        source="columns of CSV, tables and SQL",
    ),
)
