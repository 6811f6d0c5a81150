"""National numbers of Europe, west of Russia."""
# ruff: noqa: RUF001 (long rows of words of many scripts)

from pipeline.pii import national_checks as checks
from pipeline.pii import national_checks_east as east
from pipeline.pii.checksums import mod_11_10
from pipeline.pii.national_numbers import national_number

PAIRS = r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
RULES = (
    *national_number(
        "uk_nino",
        ("national insurance", "nino", "ni number", "ni no"),
        rf"{PAIRS}[ -]?[0-9]{{2}}[ -]?[0-9]{{2}}[ -]?[0-9]{{2}}[ -]?[A-D]\b",
        checks.nino,
        written=rf"{PAIRS} [0-9]{{2}} [0-9]{{2}} [0-9]{{2}} [A-D]\b",
        gate="[A-Z] [0-9]{2} [0-9]{2} [0-9]{2} [A-D]",
        source="HMRC, NIM39110",
    ),
    *national_number(
        "uk_nhs",
        ("nhs",),
        r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}\b",
        checks.nhs,
        source="NHS data dictionary",
    ),
    *national_number(
        "uk_utr",
        ("utr", "unique taxpayer"),
        r"[0-9]{5} ?[0-9]{5}\b",
        cued=0.85,
        source="HMRC",
    ),
    *national_number(
        "ie_pps",
        ("pps", "ppsn", "personal public service"),
        r"[0-9]{7}[A-W][A-IW]?\b",
        source="Department of Social Protection",
    ),
    *national_number(
        "fr_nir",
        ("nir", "sécurité sociale", "securite sociale", "numéro de sécu", "insee"),
        r"[12] ?[0-9]{2} ?[0-9]{2} ?[0-9][0-9AB] ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}\b",
        checks.nir,
        written=r"[12] ?[0-9]{2} ?(?:0[1-9]|1[0-2]) ?[0-9][0-9AB] ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}\b",
        gate="(?:^|[^0-9])[12] ?[0-9]{2} ?[01][0-9] ?[0-9][0-9AB] ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}",
        score=0.85,
        source="INSEE",
    ),
    *national_number(
        "de_idnr",
        ("steuer-id", "steuerid", "steueridentifikation", "steuerliche ident", "idnr", "tin number",
         "tax id", "steuernummer", "identifikationsnummer"),
        r"[1-9][0-9]{1,2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{2,3}\b",
        lambda text: len(text) == 11 and checks.idnr(text),  # noqa: PLR2004
        source="Bundeszentralamt für Steuern",
    ),
    *national_number(
        "de_svnr",
        ("sozialversicherung", "rentenversicherung", "sv-nummer", "svnr"),
        r"[0-9]{2} ?[0-9]{6} ?[A-Z] ?[0-9]{3}\b",
        source="Deutsche Rentenversicherung",
    ),
    *national_number(
        "de_personalausweis",
        ("personalausweis", "ausweisnummer", "ausweis-nr"),
        r"[CFGHJKLMNPRTVWXYZ0-9]{1,3}[0-9][CFGHJKLMNPRTVWXYZ0-9]{5,7}\b",
        lambda text: sum(c.isdigit() for c in text) > 3,  # noqa: PLR2004
        cued=0.9,
        source="Bundesdruckerei",
    ),
    *national_number(
        "es_nif",
        ("dni", "nif", "d.n.i", "documento nacional"),
        r"[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}[ -]?[A-Z]\b",
        checks.nif_es,
        written=r"[0-9]{8}-?[A-HJ-NP-TV-Z]\b",
        gate="(?:^|[^0-9])[0-9]{8}-?[A-HJ-NP-TV-Z](?:$|[^0-9A-Za-z])",
        score=0.5,
        source="Ministerio del Interior",
    ),
    *national_number(
        "es_nie",
        ("n.i.e", "nie:", "nie es", "mi nie", "número de nie", "extranjero"),
        r"[XYZ][ -]?[0-9]{7}[ -]?[A-Z]\b",
        checks.nif_es,
        written=r"[XYZ]-?[0-9]{7}-?[A-HJ-NP-TV-Z]\b",
        gate="(?:^|[^A-Za-z0-9])[XYZ]-?[0-9]{7}-?[A-Z]",
        score=0.85,
        source="Ministerio del Interior",
    ),
    *national_number(
        "it_codice_fiscale",
        ("codice fiscale", "c.f.", "cod. fisc"),
        r"[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]\b",
        checks.codice_fiscale,
        written=r"[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]\b",
        gate=r"(?:^|[^A-Za-z0-9])[A-Za-z]{6}[0-9]{2}[A-EHLMPRSTa-ehlmprst][0-9]{2}[A-Za-z]",
        score=0.98,
        source="DM 12/03/1974",
    ),
    *national_number(
        "pt_nif",
        ("nif", "contribuinte", "número fiscal"),
        r"[1-35689][0-9]{2} ?[0-9]{3} ?[0-9]{3}\b",
        checks.nif_pt,
        source="Autoridade Tributária",
    ),
    *national_number(
        "nl_bsn",
        ("bsn", "burgerservice", "sofinummer", "sofi-nummer"),
        r"[0-9]{3,4}[ .]?[0-9]{2,3}[ .]?[0-9]{3}\b",
        checks.bsn,
        source="Rijksdienst voor Identiteitsgegevens",
    ),
    *national_number(
        "be_national",
        ("rijksregister", "registre national", "numéro national", "insz", "niss"),
        r"[0-9]{2}[. ]?[0-9]{2}[. ]?[0-9]{2}[- ]?[0-9]{3}[. ]?[0-9]{2}\b",
        checks.national_be,
        written=r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}\b",
        gate=r"\.[0-9]{2}-[0-9]{3}\.[0-9]{2}",
        score=0.97,
        source="Rijksregister",
    ),
    *national_number(
        "ch_ahv",
        ("ahv", "avs", "sozialversicherung"),
        r"756[. ]?[0-9]{4}[. ]?[0-9]{4}[. ]?[0-9]{2}\b",
        checks.ean_13,
        written=r"756\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}\b",
        gate=r"(?:^|[^0-9])756\.[0-9]{4}\.",
        score=0.98,
        source="Zentrale Ausgleichsstelle",
    ),
    *national_number(
        "at_svnr",
        ("sozialversicherung", "sv-nummer", "svnr"),
        r"[0-9]{4}[ -]?[0-9]{6}\b",
        checks.svnr_at,
        source="Dachverband der Sozialversicherungsträger",
    ),
    *national_number(
        "se_personnummer",
        ("personnummer", "personnr", "samordningsnummer", "pnr"),
        r"(?:19|20)?[0-9]{6}[-+ ]?[0-9]{4}\b",
        checks.personnummer_se,
        written=r"(?:19|20)?[0-9]{6}[-+][0-9]{4}\b",
        gate="(?:^|[^0-9])[0-9]{2}[01][0-9][0-9]{2}[-+][0-9]{4}(?:$|[^0-9])",
        score=0.7,
        source="Skatteverket",
    ),
    *national_number(
        "fi_hetu",
        ("hetu", "henkilötunnus", "sosiaaliturvatunnus"),
        r"[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]\b",
        checks.hetu,
        written=r"[0-3][0-9][01][0-9]{3}[-+A][0-9]{3}[0-9A-FHJ-NPR-Y]\b",
        gate="(?:^|[^0-9])[0-3][0-9][01][0-9]{3}[-+A][0-9]{3}[0-9A-Y]",
        score=0.85,
        source="Digi- ja väestötietovirasto",
    ),
    *national_number(
        "no_fodselsnummer",
        ("fødselsnummer", "personnummer", "fnr", "fodselsnummer"),
        r"[0-9]{6}[ -]?[0-9]{5}\b",
        checks.fodselsnummer,
        source="Skatteetaten",
    ),
    *national_number(
        "dk_cpr",
        ("cpr", "personnummer", "cpr-nummer"),
        r"[0-9]{6}[ -]?[0-9]{4}\b",
        checks.cpr,
        source="CPR-kontoret",
    ),
    *national_number(
        "is_kennitala",
        ("kennitala", "kt."),
        r"[0-9]{6}-?[0-9]{4}\b",
        checks.cpr,
        source="Þjóðskrá",
    ),
    *national_number(
        "cz_sk_rodne_cislo",
        ("rodné číslo", "rodne cislo", "rodného čísla", "r.č.", "rč"),
        r"[0-9]{6}/?[0-9]{3,4}\b",
        checks.rodne_cislo,
        written=r"[0-9]{2}[0156][0-9]{3}/[0-9]{4}\b",
        gate="(?:^|[^0-9])[0-9]{2}[0156][0-9]{3}/[0-9]{4}(?:$|[^0-9])",
        score=0.8,
        source="zákon 133/2000",
    ),
    *national_number(
        "pl_pesel",
        ("pesel",),
        r"[0-9]{11}\b",
        checks.pesel,
        cued=0.98,
        source="gov.pl",
    ),
    *national_number(
        "ro_cnp",
        ("cnp", "cod numeric", "codul numeric"),
        r"[1-9][0-9]{12}\b",
        checks.cnp,
        cued=0.98,
        source="Direcția pentru Evidența Persoanelor",
    ),
    *national_number("bg_egn", ("егн", "egn"), r"[0-9]{10}\b", checks.egn, source="ГРАО"),
    *national_number(
        "hu_taj",
        ("taj", "tajszám", "társadalombiztosítás"),
        r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}\b",
        checks.taj,
        source="NEAK",
    ),
    *national_number(
        "hu_personal",
        ("személyi szám", "személyi azonosító", "adóazonosító"),
        r"[0-9][ -]?[0-9]{6}[ -]?[0-9]{3,4}\b",
        source="1996. évi XX. törvény",
    ),
    *national_number(
        "gr_amka", ("αμκα", "amka", "α.μ.κ.α"), r"[0-9]{11}\b", checks.amka, source="ΗΔΙΚΑ"
    ),
    *national_number(
        "gr_afm", ("αφμ", "α.φ.μ", "afm"), r"[0-9]{9}\b", cued=0.9, source="ΑΑΔΕ"
    ),
    *national_number(
        "hr_oib", ("oib", "osobni identifikacijski"), r"[0-9]{11}\b", mod_11_10, source="HR-OIB"
    ),
    *national_number(
        "yu_jmbg", ("jmbg", "jmb", "emšo", "emso", "јмбг", "ембг"), r"[0-9]{13}\b", checks.jmbg,
        source="JMBG",
    ),
    *national_number(
        "ee_lt_isikukood",
        ("isikukood", "asmens kod"),
        r"[1-6][0-9]{10}\b",
        east.isikukood,
        source="EVS 585",
    ),
    *national_number(
        "lv_personas_kods", ("personas kod",), r"[0-9]{6}-?[0-9]{5}\b", source="PMLP"
    ),
)  # fmt: skip
