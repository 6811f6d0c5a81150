"""Street addresses by their shape alone, country by country."""

# ruff: noqa: RUF001 (other scripts are the subject; a list would take a line a word)

import re

from pipeline.pii.rule import Check, Match, Rule

HAN, KANA, HANGUL = r"\x{3400}-\x{9fff}々", r"\x{3040}-\x{30ff}ヶ", r"\x{ac00}-\x{d7a3}"
LETTERS = r"A-Za-z\x{c0}-\x{1fff}"
CAPITALS = r"A-Z\x{c0}-\x{de}\x{100}-\x{1fff}"
"""Insides of classes. By range, as an automaton of \\p{L} is a hundred times as big."""
UPPER = rf"(?:[{CAPITALS}][{LETTERS}'’\-]*)"
PARTICLE = (
    r"(?:am|an|bei|ob|der|den|im|in|de|del|di|du|da|do|dos|das|la|las|le|les|los|sur|sous|upon|"
    r"on|of|the|nad|pod|u|v|e|y)"
)
CITY = rf"(?:(?:St|Ste|Mt|Ft|Bad|[A-Z])\. )?{UPPER}(?: (?:{UPPER}|{PARTICLE})){{0,4}}"
NUMBER = r"[0-9]{1,5}(?: ?[A-Za-z]\b)?(?: ?[/\-–] ?[0-9]{1,4}[A-Za-z]?)?"
EURO_CODE = (
    r"(?:(?:[A-Z]{1,2}-)?[0-9]{5}-[0-9]{3}|[0-9]{8}|[0-9]{6}|(?:[A-Z]{1,2}-)?[0-9]{5}|"
    r"[0-9]{2}-[0-9]{3}|[0-9]{4}-[0-9]{3}|[0-9]{3} [0-9]{2}|[0-9]{4} ?[A-Z]{2}|[0-9]{4})\b"
)
TYPES = (
    "Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Terrace|"
    "Parkway|Pkwy|Circle|Cir|Highway|Hwy|Close|Crescent|Cres|Grove|Gardens|Mews|Trail|"
    "Alley|Turnpike|Expressway|Driveway|Esplanade|Parade|Motorway|Marg|Nagar|Chowk"
)
TYPES += "|" + TYPES.upper()
UNIT = r"(?:(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Room|#)\.? ?#?[A-Z]?\-?[0-9]{1,5}[A-Z]?)"
ZIP = r"(?:[0-9]{5}(?:-[0-9]{4})?|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]|[0-9]{4}|[0-9]{6})"
UK_CODE = r"(?:[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}|[A-Z][0-9][0-9W] ?[A-Z0-9]{4})"
STATE_TAIL = rf"(?:,?[ \n]{{1,2}}{CITY}),? (?:[A-Z]{{2,3}}|{UPPER}),? {ZIP}\b"
NAMES = rf"(?:(?:[NSEW]\.?|[NS][EW]|{UPPER}\.?|[0-9]{{1,3}}(?:st|nd|rd|th)) ){{1,4}}"

STREET_START = (
    r"Calle|C/|Avenida|Avda\.?|Av\.|Plaza|Paseo|Pº|Camino|Carrera|Cra\.?|Calzada|Glorieta|Ronda|"
    r"Via|Viale|Piazza|Corso|Vicolo|Largo|Rua|R\.|Travessa|Praça|Alameda|Rodovia|Estrada|"
    r"Strada|Str\.|Șoseaua|Soseaua|Bulevardul|B-dul|Aleea|Calea|Splaiul|"
    r"[Uu]lica|[Uu]l\.|[Aa]l\.|[Aa]leja|[Pp]lac|[Pp]l\.|[Oo]s\.|[Uu]lice|[Nn]áměstí|nám\.|"
    r"Jl\.?|Jalan|Gang|Gg\.|Οδός|רחוב|רח'|شارع"
)
GERMANIC = (
    r"(?:stra(?:ß|ss)e|str\.|weg|gasse|allee|platz|ring|damm|ufer|steig|stieg|chaussee|straat|laan|"
    r"plein|pad|kade|gracht|dreef|hof|singel|steeg|gatan|gata|vägen|vej|gade|veien|vei|gate|katu|"
    r"tie|"
    r"utca|útja|tér)"
)
FRENCH = (
    r"(?i:rue|avenue|av\.|boulevard|bd|place|impasse|chemin|allée|quai|route|cours|passage|square|"
    r"faubourg|ruelle|sentier|esplanade|résidence)"
)
SIGHTS = re.compile(
    r"(?i)downing|宾夕法尼亚|펜실베이니아|ペンシルベニア|17 mile drive|pennsylvania av|221b|"
    r"infinite loop|amphitheatre|one way|wall street|sesame|"
    r"wonderland lane|privet drive|evergreen terrace|apple park|microsoft way|hacker way|broadway "
    r"st"
)
NOBODY = re.compile(
    r"(?i)\b(?:123|1234|456|789|12345) (?:[a-z]+ )?(?:main|elm|oak|maple|any|fake|example|first|"
    r"park|"
    r"street|sample|broad|pine|some|your)\b|any ?(?:town|city|where)|your (?:street|"
    r"city|address)"
)


YEAR = re.compile(
    r"(?:1[5-9]|20)\d\d(?:,? [^,\n]*|, .*)|\d+,? (?:Supreme|High|District|Appeal|Circuit|Federal) "
    r"Court.*"
)
"""A year and a name behind it, with no city behind that."""
LINE = re.compile("[線线機机]")
STUCK = re.compile(r"[A-Za-z\d\u00c0-\u052f.\-/$]\Z|\d,\Z")


def _is_street(match: Match) -> bool:
    """A place where someone may live: no sight, no sum, no year before a street's name."""
    if STUCK.search(match.before):
        return False
    if SIGHTS.search(match.value) or NOBODY.search(match.value):
        return False
    return not YEAR.fullmatch(match.value) and not LINE.match(match.after)


def _is_nobody(match: Match) -> bool:
    return NOBODY.search(match.value) is not None and STUCK.search(match.before) is None


def _has_code(match: Match) -> bool:
    """A house number and a postcode that are no date: no month, no year."""
    if STUCK.search(match.before) or SIGHTS.search(match.value) or NOBODY.search(match.value):
        return False
    return not re.search(
        r"(?i)\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? \d", match.value
    )


def _rule(
    identity: str, gate: str, pattern: str, score: float, source: str, check: Check = _is_street
) -> Rule:
    return Rule(
        f"address_{identity}",
        "address",
        gate,
        pattern,
        check=check,
        score=score,
        priority=2,
        source=source,
    )


ENGLISH = (
    rf"(?:{UNIT},? |[0-9]{{1,4}} )?{NUMBER},? {NAMES}(?:{TYPES})\b(?:\.?,? (?:[NS][EW]?|"
    rf"[EW])\b)?(?:\.?,? "
    rf"{UNIT})?"
)
ENGLISH_GATE = rf"[0-9][A-Za-z]?,? (?:[A-Z0-9][A-Za-z0-9'.\-]* )+(?:{TYPES})\b"
ENGLISH_TAIL = (
    rf"(?:{STATE_TAIL}|\n{CITY},? [0-9]{{4}}\b|,[ \n]{CITY}[ ,\-–]{{1,3}}[0-9]{{6}}\b|,?[ "
    rf"\n]{CITY},? {UK_CODE}\b"
    rf"|,[ \n]{CITY}(?:,? [A-Z]{{2}}\b(?: {ZIP}\b)?)?|,? {UK_CODE})"
)

RULES: tuple[Rule, ...] = (
    _rule(
        "english", ENGLISH_GATE, rf"{ENGLISH}{ENGLISH_TAIL}?", 0.8, source="number, name, Street"
    ),
    _rule(
        "fictional",
        r"(?i)(?:123|456|789|12345?) (?:[a-z]+ )?(?:main|elm|oak|maple|any|fake|example|first|park|"
        r"sample)",
        rf"{ENGLISH}{ENGLISH_TAIL}?",
        0.6,
        check=_is_nobody,
        source="123 Main Street, Anytown: addresses of nobody",
    ),
    _rule(
        "state",
        r", [A-Z][A-Z][A-Z]?,? (?:[0-9][0-9][0-9][0-9][0-9]?\b|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9])",
        rf"(?:{UNIT}[ ,/]{{1,2}})?{NUMBER},? {NAMES}(?:{UPPER})(?:,? {UNIT})?,?[ \n]{CITY}, "
        rf"[A-Z]{{2,3}},? {ZIP}\b",
        0.93,
        check=_has_code,
        source="number, name, city, state and postcode, whatever the street is called",
    ),
    _rule(
        "germanic",
        rf"(?i){GERMANIC} [0-9][0-9]?[0-9]?[a-z]?(?:[/\-][0-9]+)?,?[ "
        rf"\n][a-z\-]*[0-9][0-9][0-9][0-9]",
        rf"(?:{UPPER}[ \-]){{0,3}}(?:[{CAPITALS}][{LETTERS}\-]*|{UPPER} )(?i:{GERMANIC}) "
        rf"{NUMBER},?[ \n](?:[A-Z]{{1,2}}-)?"
        rf"(?:[0-9]{{5}}|[0-9]{{3}} [0-9]{{2}}|[0-9]{{4}}(?: ?[A-Z]{{2}})?),?[ \n]{CITY}(?: "
        rf"\([A-Z]{{2}}\))?",
        0.93,
        check=_has_code,
        source="Hauptstraße 5, 10115 Berlin; Dorpsweg 9, 4819 FQ Breda",
    ),
    _rule(
        "french",
        rf"[0-9](?: ?(?:bis|ter|quater|[A-D]))?,? {FRENCH} (?:d|l|[A-Z\xc3])",
        rf"[0-9]{{1,4}}(?: ?(?:bis|ter|quater|[A-D]))?,? {FRENCH} [^\n\d,;:!?]{{2,40}}(?:,[ \n]?|[ "
        rf"\n]|, )"
        rf"[0-9]{{5}} {CITY}",
        0.93,
        check=_has_code,
        source="12 bis, rue de l'Eau, 75001 Paris",
    ),
    _rule(
        "named",
        rf"\b(?:{STREET_START}) (?:d|l|[A-Z\x80-\xff])",
        rf"(?:{STREET_START}) (?:[^\n\d,;:!?]{{2,40}}),? ?(?:[Nn]r\.?|[Nn]o\.?|[Nn][º°])? ?{NUMBER}"
        rf"(?:[ ,]+(?:ap|apt|bl|sc|et|piso|bajo|lok|m|int|apto|RT|Kec|Kel)\.? ?[\w./º]+){{0,4}}"
        rf"(?:[,\n] ?|, )(?:{CITY}[,\n\-–]+ ?)?(?:CEP ?)?{EURO_CODE}"
        rf"(?:[ ,]+{CITY}(?: \([A-Z]{{2}}\)| ?/ ?[A-Z]{{2}}\b)?)?",
        0.9,
        check=_has_code,
        source="Calle Mayor 5, 28013 Madrid; ul. Polna 1/2, 00-625 Warszawa; Jl. Melati No. 5",
    ),
    _rule(
        "russian",
        r"(?:д\.|дом) ?[0-9]",
        rf"(?:[0-9]{{6}},? )?(?:(?:г\.|город|с\.|п\.|д\.|клх|обл\.|[{CAPITALS}][{LETTERS}]+ "
        rf"(?:обл\.|область|край)) ?[{LETTERS}\- ]{{0,24}},? ?){{0,3}}"
        r"(?:ул\.|улица|пер\.|переулок|ш\.|шоссе|пр\.|просп\.|проспект|пр-т|б-р|бульвар|бул\.|"
        r"наб\.|набережная|пл\.|площадь)"
        rf" ?[{LETTERS}\d\-. ]{{2,40}}, ?(?:д\.|дом) ?[0-9]{{1,4}}(?: ?[{LETTERS}]\b)?(?:/[0-9]+)?"
        r"(?:[, ]+(?:к|корп|корпус|стр|строение|кв|квартира|оф)\.? ?[0-9]+(?:/[0-9]+)?[а-я]?)*"
        r"(?:(?:, ?[А-Я][а-я\-]+)?, ?[0-9]{6})?",
        0.93,
        source="ул. Ленина, д. 5, кв. 3",
    ),
    _rule(
        "japanese",
        r"(?:丁目|番地)[0-9]|[0-9](?:丁目|番地)|[0-9]番[0-9]+号|(?:町|区|市|村|台|丘|"
        r"原)[0-9]+-[0-9]",
        rf"(?:〒? ?[0-9]{{3}}-[0-9]{{4}}[ 　]?)?(?:北海道|東京都|京都府|大阪府|[{HAN}]{{2,3}}県)"
        rf"[{HAN}{KANA}]{{1,24}}?(?:区|市|町|村|郡)[{HAN}{KANA}]{{0,24}}"
        r"[0-9０-９一二三四五六七八九十]{1,4}(?:(?:丁目|番地?|号|[-－−])[0-9０-９]{0,4}){1,6}"
        rf"(?:[ 　][{HAN}{KANA}A-Za-z]{{2,30}}[0-9０-９]{{1,5}}(?:号室?)?)?",
        0.93,
        source="東京都千代田区千代田1丁目1番1号",
    ),
    _rule(
        "chinese",
        r"(?:路|街|道|巷|村|里|段) ?(?:[0-9]+(?:号|號|弄)|[A-Za-z]座)",
        rf"(?:[{HAN}]{{0,6}}(?:位于|住在|在|地址是|是|为))?(?P<value>(?:[{HAN}]{{2,8}}(?:省|"
        rf"自治区))?(?:[{HAN}]{{2,7}}(?:市|州))?[{HAN}]{{1,7}}(?:区|區|县|"
        rf"縣|市|镇|鎮)"
        rf"[{HAN}]{{0,12}}?(?:路|街|道|巷|村|里)(?:[{HAN}]{{0,4}}段)? ?(?:[0-9]{{1,5}}(?:号|號|弄)|"
        rf"[A-Za-z]座)"
        rf"(?:[{HAN}A-Za-z]{{0,10}}?[0-9]{{1,4}}(?:号楼?|楼|樓|单元|室|层|栋|座|户|之[0-9]))*(?: "
        rf"[0-9]{{6}})?)",
        0.9,
        source="北京市海淀区中关村大街27号",
    ),
    _rule(
        "korean",
        "(?:로|길|대로|가|동|리)(?: 지하)? ?[0-9][0-9]?[0-9]?[0-9]?",
        rf"(?:[{HANGUL}]{{1,6}}(?:도|시)|서울|부산|대구|인천|광주|대전|울산|경기|강원|충북|충남|"
        rf"전북|전남|경북|경남|제주)"
        rf" (?:[{HANGUL}]{{1,6}}(?:시|군|구) ){{1,2}}(?:[{HANGUL}]{{1,6}}(?:읍|면|동) )?"
        rf"[{HANGUL}\d]{{1,14}}(?:로|길|대로|가|동|리)(?: ?지하| ?산)? "
        rf"?[0-9]{{1,4}}(?:-[0-9]{{1,4}})?(?:번지)?"
        rf"(?:,? [0-9]{{1,4}}동)?(?:,? [0-9]{{1,5}}호)?(?: \([{HANGUL}\d, ]{{2,24}}\))?",
        0.95,
        source="서울특별시 중구 세종대로 110",
    ),
    _rule(
        "turkish",
        r"(?:Sok(?:\.|ak|a\xc4\x9f\xc4\xb1)|Sk\.|Cad(?:\.|desi)|Cd\.|Bulvar\xc4\xb1|Blv\.),? N(?:o|"
        r"umara)",
        rf"(?:[{CAPITALS}][{LETTERS}. ]{{1,30}} (?:Mah\.|Mahallesi),? "
        rf")?[{CAPITALS}\d][{LETTERS}\d. ]{{1,30}} (?:Sok\.|Sk\.|Sokak|Sokağı|Cad\.|Cd\.|Caddesi|"
        rf"Bulvarı|Blv\.),? "
        rf"(?:No|Numara)[.:]? ?:? ?[0-9]{{1,4}}(?:/[0-9A-Z]+)?(?:,? (?:D|Daire|Kat)[.:]? "
        rf"?[0-9]+)*(?:[ ,]+[0-9]{{5}})?(?:[ ,]+[{CAPITALS}][{LETTERS}]+(?:[/ "
        rf"]{{1,3}}[{CAPITALS}][{LETTERS}]+)?)?",
        0.93,
        source="Atatürk Mah. Gül Sok. No: 5 D: 3 Kadıköy/İstanbul",
    ),
    _rule(
        "vietnamese",
        r"[0-9][A-Za-z]? (?:\xc4\x91\xc6\xb0\xe1\xbb\x9dng|ph\xe1\xbb\x91|ng\xc3\xb5|"
        r"h\xe1\xba\xbbm) ",
        rf"(?:số )?[0-9]{{1,4}}[A-Z]?(?:/[0-9]{{1,4}})* (?:(?:ngõ|hẻm|ngách) [0-9/]+,? )?(?:đường|"
        rf"phố) [{LETTERS}\d ]{{2,30}}, "
        rf"(?:(?i:phường|p\.|quận|q\.|huyện|xã|thành phố|tp\.?|tỉnh) ?[{LETTERS}\d ]{{1,24}}(?:, "
        rf")?){{1,4}}",
        0.9,
        source="12 đường Lê Lợi, phường Bến Nghé, quận 1",
    ),
)
