"""National numbers of Russia, its neighbours and Asia."""
# ruff: noqa: E501, RUF001 (long rows of words of many scripts)

from pipeline.pii import national_checks_east as checks
from pipeline.pii.checksums import luhn
from pipeline.pii.national_numbers import national_number

RULES = (
    *national_number(
        "ru_snils",
        ("снилс", "snils"),
        r"[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{2}\b",
        checks.snils,
        written=r"[0-9]{3}-[0-9]{3}-[0-9]{3}[- ][0-9]{2}\b",
        gate="(?:^|[^0-9])[0-9]{3}-[0-9]{3}-[0-9]{3}[- ][0-9]{2}",
        score=0.93,
        source="СФР",
    ),
    *national_number(
        "ru_inn", ("инн",), r"(?:[0-9]{12}|[0-9]{10})\b", checks.inn, source="ФНС"
    ),
    *national_number(
        "ua_rnokpp",
        ("іпн", "рнокпп", "ідентифікаційн", "инн", "иин"),
        r"[0-9]{10}\b",
        checks.rnokpp,
        source="ДПС",
    ),
    *national_number(
        "kz_iin", ("иин", "жсн"), r"[0-9]{12}\b", checks.iin, source="eGov.kz"
    ),
    *national_number(
        "tr_tckn",
        ("tc kimlik", "t.c. kimlik", "tckn", "kimlik no", "kimlik numara", "tc no", "t.c. no", "tc:"),
        r"[1-9][0-9]{10}\b",
        checks.tckn,
        cued=0.97,
        source="Nüfus ve Vatandaşlık İşleri",
    ),
    *national_number(
        "cn_resident",
        ("身份证", "身份證", "证件号", "公民身份", "id card", "identity card"),
        r"[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9X]\b",
        checks.resident_cn,
        written=r"[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9X]\b",
        gate="(?:^|[^0-9])[1-8][0-9]{5}(?:18|19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9Xx]",
        score=0.98,
        cued=0.99,
        source="GB 11643-1999",
    ),
    *national_number(
        "cn_old",
        ("身份证", "身份證", "证件号", "公民身份"),
        r"[1-9][0-9]{16}[0-9X]\b|[1-9][0-9]{14}\b",
        cued=0.9,
        source="as written by people, check digit wrong",
    ),
    *national_number(
        "tw_id",
        ("身分證", "身份證", "身分证", "arc no", "national id"),
        r"[A-Z][1289][0-9]{8}\b",
        checks.national_tw,
        source="內政部",
    ),
    *national_number(
        "hk_hkid",
        ("hkid", "香港身份證", "身份證", "hong kong id", "identity card"),
        r"[A-Z]{1,2}[0-9]{6}(?:\([0-9A]\)|[0-9A]\b)",
        lambda text: checks.hkid(text.replace("(", "").replace(")", "")),
        written=r"[A-Z]{1,2}[0-9]{6}\([0-9A]\)",
        gate=r"(?:^|[^A-Za-z0-9])[A-Z][0-9]{6}\([0-9A]\)",
        score=0.95,
        source="Immigration Department",
    ),
    *national_number(
        "sg_nric",
        ("nric", "fin no", "fin number", "ic no"),
        r"[STFGM][0-9]{7}[A-Z]\b",
        checks.nric,
        written=r"[STFGM][0-9]{7}[A-Z]\b",
        gate="(?:^|[^A-Za-z0-9])[STFGM][0-9]{7}[A-Z]",
        score=0.85,
        source="Immigration & Checkpoints Authority",
    ),
    *national_number(
        "th_id",
        ("เลขประจำตัว", "บัตรประชาชน", "thai id", "citizen id"),
        r"[1-8][ -]?[0-9]{4}[ -]?[0-9]{5}[ -]?[0-9]{2}[ -]?[0-9]\b",
        checks.national_th,
        written=r"[1-8]([ -])[0-9]{4}[ -][0-9]{5}[ -][0-9]{2}[ -][0-9]\b",
        gate="(?:^|[^0-9])[1-8][ -][0-9]{4}[ -][0-9]{5}[ -][0-9]{2}[ -][0-9]",
        score=0.95,
        source="Department of Provincial Administration",
    ),
    *national_number(
        "my_mykad",
        ("mykad", "nric", "kad pengenalan", "no. kp", "no kp", "ic number", "ic no", "no. ic"),
        r"[0-9]{6}-?[0-9]{2}-?[0-9]{4}\b",
        checks.mykad,
        written=r"[0-9]{6}-[0-9]{2}-[0-9]{4}\b",
        gate="(?:^|[^0-9])[0-9]{2}[01][0-9][0-3][0-9]-[0-9]{2}-[0-9]{4}",
        score=0.85,
        source="Jabatan Pendaftaran Negara",
    ),
    *national_number(
        "id_nik", ("nik", "ktp", "kartu tanda penduduk", "nomor induk"), r"[1-9][0-9]{15}\b",
        checks.nik, source="Dukcapil",
    ),
    *national_number(
        "vn_cccd",
        ("cccd", "cmnd", "căn cước", "chứng minh nhân dân", "chứng minh thư"),
        r"(?:[0-9]{12}|[0-9]{9}|[0-9]{3}(?: [0-9]{3}){2,3})\b",
        cued=0.93,
        source="Bộ Công an",
    ),
    *national_number(
        "ph_id",
        ("philsys", "philhealth", "pag-ibig", "umid", "sss number", "tin number", "gsis", "crn"),
        r"(?:[0-9]{4}-[0-9]{4}-[0-9]{4}(?:-[0-9]{4})?|[0-9]{2}-[0-9]{7}-[0-9]|[0-9]{2}-[0-9]{9}-[0-9]"
        r"|[0-9]{3}-[0-9]{3}-[0-9]{3}(?:-[0-9]{3,5})?)\b",
        cued=0.85,
        source="PSA, SSS, PhilHealth, BIR",
    ),
    *national_number(
        "kr_rrn",
        ("주민등록번호", "주민번호", "외국인등록번호", "resident registration", "rrn"),
        r"[0-9]{6}-?[1-8][0-9]{6}\b",
        checks.rrn,
        written=r"[0-9]{6}-[1-8][0-9]{6}\b",
        gate="(?:^|[^0-9])[0-9]{2}[01][0-9][0-3][0-9]-[1-8][0-9]{6}",
        score=0.85,
        source="행정안전부",
    ),
    *national_number(
        "jp_my_number",
        ("マイナンバー", "個人番号", "my number", "mynumber"),
        r"[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}\b",
        checks.my_number,
        source="総務省",
    ),
    *national_number(
        "in_aadhaar",
        ("aadhaar", "aadhar", "adhaar", "uidai", "आधार", "uid number"),
        r"[2-9][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}\b",
        checks.aadhaar,
        source="UIDAI",
    ),
    *national_number(
        "in_pan",
        ("pan", "permanent account", "पैन"),
        r"[A-Z]{3}[ABCFGHLJPT][A-Z][0-9]{4}[A-Z]\b",
        source="Income Tax Department",
    ),
    *national_number(
        "in_voter_id", ("voter id", "epic no", "epic number", "voter card"), r"[A-Z]{3}[0-9]{7}\b",
        source="Election Commission of India",
    ),
    *national_number(
        "pk_cnic",
        ("cnic", "nicop", "شناختی کارڈ"),
        r"[1-7][0-9]{4}-?[0-9]{7}-?[0-9]\b",
        written=r"[1-7][0-9]{4}-[0-9]{7}-[0-9]\b",
        gate="(?:^|[^0-9])[1-7][0-9]{4}-[0-9]{7}-[0-9]",
        score=0.9,
        source="NADRA",
    ),
    *national_number(
        "bd_nid", ("nid", "জাতীয় পরিচয়"), r"(?:[0-9]{17}|[0-9]{13}|[0-9]{10})\b", cued=0.9,
        source="NIDW",
    ),
    *national_number(
        "lk_nic", ("nic", "national identity"), r"(?:[0-9]{9}[VX]|[0-9]{12})\b", cued=0.9,
        source="Department for Registration of Persons",
    ),
    *national_number(
        "ir_melli", ("کد ملی", "کدملی", "شماره ملی", "code melli"), r"[0-9]{10}\b", checks.melli,
        source="ثبت احوال",
    ),
    *national_number(
        "il_tz",
        ("תעודת זהות", "ת.ז", "ת״ז", 'ת"ז', "teudat zehut", "מספר זהות"),
        r"[0-9]{8}-?[0-9]\b",
        luhn,
        source="רשות האוכלוסין",
    ),
    *national_number(
        "ae_emirates",
        ("emirates id", "الهوية", "رقم الهوية"),
        r"784[ -]?[0-9]{4}[ -]?[0-9]{7}[ -]?[0-9]\b",
        checks.emirates,
        written=r"784-?[0-9]{4}-?[0-9]{7}-?[0-9]\b",
        gate="(?:^|[^0-9])784-?(?:19|20)[0-9]{2}-?[0-9]{7}",
        score=0.97,
        source="ICP",
    ),
    *national_number(
        "sa_id",
        ("الهوية", "الإقامة", "iqama", "national id", "السجل المدني"),
        r"[12][0-9]{9}\b",
        luhn,
        source="أبشر",
    ),
    *national_number(
        "kw_civil", ("الرقم المدني", "البطاقة المدنية", "civil id"), r"[23][0-9]{11}\b", source="PACI"
    ),
)  # fmt: skip
