"""National numbers of Africa and Oceania, and those whose country the text does not say."""
# ruff: noqa: E501, RUF001 (long rows of words of many scripts)

from pipeline.pii import national_checks_east as checks
from pipeline.pii.national_numbers import national_number

RULES = (
    *national_number(
        "za_id",
        ("south african id", "sa id", "id number", "id no", "rsa id"),
        r"[0-9]{6} ?[0-9]{4} ?[0-9]{3}\b",
        checks.national_za,
        source="Department of Home Affairs",
    ),
    *national_number(
        "ng_nin",
        ("nin", "national identification number", "bvn", "bank verification"),
        r"[1-9][0-9]{10}\b",
        source="NIMC",
    ),
    *national_number(
        "ke_id",
        ("kenyan id", "national id", "huduma", "kitambulisho"),
        r"[1-9][0-9]{6,7}\b",
        cued=0.85,
        source="National Registration Bureau",
    ),
    *national_number(
        "gh_card",
        ("ghana card",),
        r"GHA-[0-9]{9}-[0-9]\b",
        written=r"GHA-[0-9]{9}-[0-9]\b",
        gate="GHA-[0-9]{9}-",
        score=0.97,
        source="NIA",
    ),
    *national_number(
        "eg_national",
        ("الرقم القومي", "رقم قومي", "national id", "رقم البطاقة"),
        r"[23][0-9]{13}\b",
        checks.national_eg,
        source="مصلحة الأحوال المدنية",
    ),
    *national_number(
        "au_tfn",
        ("tfn", "tax file"),
        r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}\b",
        checks.tfn,
        source="Australian Taxation Office",
    ),
    *national_number(
        "au_medicare",
        ("medicare",),
        r"[2-6][0-9]{3}[ -]?[0-9]{5}[ -]?[0-9](?:[ -/]?[1-9])?\b",
        checks.medicare,
        source="Services Australia",
    ),
    *national_number(
        "nz_ird",
        ("ird", "inland revenue"),
        r"[0-9]{2,3}[ -]?[0-9]{3}[ -]?[0-9]{3}\b",
        checks.ird,
        source="Inland Revenue",
    ),
    *national_number(
        "any",
        ("national id", "national identity", "national identification", "identity card", "id card number",
         "identity number", "citizen id", "documento de identidad", "documento de identidade",
         "cédula de identidad", "carte d'identité", "carta d'identità", "carta d’identità",
         "identiteitskaart", "dowód osobisty", "dowodu osobistego", "občanský průkaz", "buletin",
         "удостоверение личности", "паспорт серия", "kimlik", "身份证", "身分證", "رقم الهوية",
         "tax id number", "tax identification", "taxpayer id", "employee id", "patient id",
         "medical record", "insurance number", "student id"),
        r"(?:[A-Z]{1,3}-?)?[0-9]{3,}(?:[ -]?[0-9]{2,}){1,4}[A-Z]?\b",
        within=32,
        cued=0.75,
        source="the words alone",
    ),
)  # fmt: skip
