"""Device ids: IMEI, vehicle numbers, serial numbers and advertising ids behind their name."""
# ruff: noqa: E501, RUF001 (long rows of words of many scripts)

from pipeline.pii import checksums
from pipeline.pii.placeholders import is_placeholder
from pipeline.pii.rule import Match, Rule
from pipeline.pii.surroundings import alone, compact

SERIAL = (
    r"serial ?(?:number|no|#|num)|s/n|seriennummer|numéro de série|número de série|número de serie"
    r"|numero di serie|serienummer|numer seryjny|серийный номер|seri numarası|序列号|序號|シリアル番号"
    r"|일련번호|الرقم التسلسلي"
)
DEVICE = r"device[ _-]?id|udid|idfa|gaid|android[ _-]?id|advertising[ _-]?id|imsi|iccid|hardware[ _-]?id|hwid"
LINK = r"(?:[\"'`*)]{0,3}\s{0,2}(?:number|no\.?|code|is|:|=|#|：|是|は){0,3}\s{0,2}[\"'`*(]{0,2})"


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
    """Whether it has digits and stands for itself."""
    digits = sum(c.isdigit() for c in match.value)
    return digits > 2 and len(match.value) > 5 and alone(match) and not is_placeholder(match.value)  # noqa: PLR2004


RULES = (
    Rule(
        "device_id_imei",
        "device_id",
        "(?i)imei|(?:^|[^a-z])meid[^a-z]",
        r"\b[0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{6}[ -]?[0-9]\b",
        check=is_imei,
        cues=("imei", "meid"),
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
        rf"(?i)(?:{DEVICE})",
        rf"(?i:\b(?:{DEVICE}){LINK})(?P<value>[A-Za-z0-9]{{8,}}(?:-[A-Za-z0-9]{{4,}}){{0,5}})",
        check=is_serial,
        score=0.75,
        priority=10,
    ),
)
