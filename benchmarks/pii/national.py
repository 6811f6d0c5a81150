"""National ids of many countries, right by construction: a body, its check signs, a layout."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.pii.shapes import UPPER, fill

NIF = "TRWAGMYFPDXBNJZSQVHLCKE"
FINNISH = "0123456789ABCDEFHJKLMNPRSTUVWXY"
CURP = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
RFC = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"
ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
"""Values of signs in odd places of an Italian tax code; a digit counts as a letter of its rank."""
CNPJ = (5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
INN = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
TFN = (1, 4, 3, 7, 5, 8, 6, 9, 10)
RETRY = ""
"""No check sign fits this body."""


@dataclass(frozen=True)
class Number:
    """How an id is made.

    Attributes:
        body: shape of all but the check signs.
        check: check signs of a body, `RETRY` if there are none.
        layouts: how it is written; each `#` is a sign. By default signs alone.
    """

    body: str
    check: Callable[[str], str]
    layouts: tuple[str, ...] = ()

    def __call__(self, rng: Random) -> str:
        """One of them, written in one of its layouts."""
        check = RETRY
        while not check:
            body = fill(self.body, rng)
            check = self.check(body)
        whole = iter(body + check.strip())
        layout = rng.choice(self.layouts or ("#" * 20,))
        return "".join(next(whole, "") if one == "#" else one for one in layout)


def weighted(text: str, weights: Sequence[int]) -> int:
    """Sum of digits times weights."""
    return sum(int(digit) * weight for digit, weight in zip(text, weights, strict=True))


def luhn(body: str) -> str:
    """The digit that Luhn's rule wants behind a body."""
    doubled = [int(d) * (2 - at % 2) for at, d in enumerate(reversed(body))]
    return str(-sum(d // 10 + d % 10 for d in doubled) % 10)


def elevens(*rounds: Sequence[int]) -> Callable[[str], str]:
    """Check digits, each 11 less the weighted sum modulo 11, where 10 and 11 become 0."""

    def check(body: str) -> str:
        text = body
        for weights in rounds:
            text += str((11 - weighted(text, weights) % 11) % 11 % 10)
        return text[len(body) :]

    return check


def ranked(weights: Sequence[int], base: int, signs: str) -> Callable[[str], str]:
    """The sign whose rank is the weighted sum modulo a base; a blank is no sign: try again."""
    return lambda body: signs[weighted(body, weights) % base].strip()


def _none(_: str) -> str:
    """No check sign: a blank, which the layout strips."""
    return " "


def _curp(body: str) -> str:
    return str(-sum(CURP.index(one) * (18 - at) for at, one in enumerate(body)) % 10)


def _rfc(body: str) -> str:
    rest = sum(RFC.index(one) * (13 - at) for at, one in enumerate(body)) % 11
    return "0A987654321"[rest]


def _cf(body: str) -> str:
    ranks = [int(one, 36) - 10 if one.isalpha() else int(one) for one in body]
    return UPPER[sum(ranks[1::2], sum(ODD[rank] for rank in ranks[::2])) % 26]


def _idnr(body: str) -> str:
    """German tax number: one digit of ten stands twice, the others once at most (ISO 7064)."""
    product = 10
    for digit in body:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    is_odd = len(set(body)) != len(body) - 1
    return RETRY if is_odd else str((11 - product) % 10)


def _times(a: int, b: int) -> int:
    """Product in the dihedral group of the pentagon, as Verhoeff numbers its elements."""
    five = 5
    return (a + b) % five + b // five * five if a < five else (a - b) % five + five * (b < five)


def verhoeff(body: str) -> str:
    """Verhoeff's check digit."""
    total = 0
    for at, digit in enumerate(reversed(body), 1):
        rank = int(digit)
        for _ in range(at % 8):
            rank = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[rank]
        total = _times(total, rank)
    return next(str(last) for last in range(10) if not _times(total, last))


def _tckn(body: str) -> str:
    tenth = (7 * sum(map(int, body[::2])) - sum(map(int, body[1::2]))) % 10
    return f"{tenth}{(sum(map(int, body)) + tenth) % 10}"


def _nif(body: str) -> str:
    return NIF[int(body) % 23]


def _nie(body: str) -> str:
    return _nif(str("XYZ".index(body[0])) + body[1:])


def _nir(body: str) -> str:
    return f"{97 - int(body) % 97:02}"


def _pesel(body: str) -> str:
    return str(-weighted(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10)


def _rrn(body: str) -> str:
    return str((11 - weighted(body, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10)


def _tfn(body: str) -> str:
    fits = (str(last) for last in range(10) if not weighted(f"{body}{last}", TFN) % 11)
    return next(fits, RETRY)


def _snils(body: str) -> str:
    return f"{weighted(body, range(9, 0, -1)) % 101 % 100:02}"


def _inn(body: str) -> str:
    tenth = weighted(body, INN) % 11 % 10
    return f"{tenth}{weighted(f'{body}{tenth}', (3, *INN)) % 11 % 10}"


def _hetu(body: str) -> str:
    return FINNISH[int(body) % 31]


NUMBERS = {
    "us_ssn": Number("{[1234578]}{r10-65}{r10-99}{n4}", _none, ("###-##-####", "### ## ####")),
    "us_itin": Number("9{r10-99}{r70-88}{n4}", _none, ("###-##-####",)),
    "br_cpf": Number(
        "{n9}", elevens(range(10, 1, -1), range(11, 1, -1)), ("###.###.###-##", "#" * 11)
    ),
    "br_cnpj": Number("{n12}", elevens(CNPJ, (6, *CNPJ)), ("##.###.###/####-##",)),
    "fr_nir": Number("{[12]}{ym}{r10-95}{n6}", _nir, ("# ## ## ## ### ### ##", "#" * 15)),
    "cn_rin": Number(
        "11010119{ymd}{d3}", ranked([2**at % 11 for at in range(17, 0, -1)], 11, "10X98765432")
    ),
    "mx_curp": Number("{A1}A{A2}{ymd}{[HM]}DF{A3}0", _curp),
    "mx_rfc": Number("{A1}E{A2}{ymd}{A1}{n1}", _rfc),
    "es_nif": Number("{n8}", _nif, ("#########", "########-#")),
    "es_nie": Number("{[XYZ]}{n7}", _nie, ("#########", "#-#######-#")),
    "it_cf": Number("{A6}{r50-99}{[ABCDEHLMPRST]}{r10-28}H{n3}", _cf),
    "de_idnr": Number("{n10}", _idnr, ("###########", "## ### ### ###")),
    "pl_pesel": Number("{ymd}{n4}", _pesel),
    "in_aadhaar": Number("{[23456789]}{d10}", verhoeff, ("#### #### ####", "#" * 12)),
    "in_pan": Number("{A3}P{A1}{n4}{A1}", _none),
    "kr_rrn": Number("{ymd}{[12]}{d5}", _rrn, ("######-#######",)),
    "nl_bsn": Number("{n8}", ranked(range(9, 1, -1), 11, "0123456789 ")),
    "tr_tckn": Number("{n9}", _tckn),
    "se_pnr": Number("{ymd}{d3}", luhn, ("######-####",)),
    "fi_hetu": Number("{dmy}{n3}", _hetu, ("######-####",)),
    "gb_nhs": Number("{[4679]}{d8}", ranked(range(10, 1, -1), 11, "0 987654321"),
                     ("### ### ####", "##########")),
    "gb_nino": Number("{[ACEHJS]}{[BCEHK]}{n6}{[ABCD]}", _none, ("#########", "## ## ## ## #")),
    "au_tfn": Number("{n8}", _tfn, ("### ### ###", "#########")),
    "ca_sin": Number("{[1245679]}{d7}", luhn, ("### ### ###", "###-###-###")),
    "id_nik": Number("317401{dmy}00{r10-99}", _none),
    "ru_snils": Number("{n9}", _snils, ("###-###-### ##",)),
    "ru_inn": Number("{n10}", _inn),
    "il_tz": Number("{n8}", luhn),
    "jp_my": Number("{n11}", elevens((6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)),
                    ("#### #### ####", "#" * 12)),
    "cl_rut": Number("{[12]}{d7}", ranked((3, 2, 7, 6, 5, 4, 3, 2), 11, "0K987654321"),
                     ("##.###.###-#",)),
    "za_id": Number("{ymd}{d4}08", luhn),
}  # fmt: skip
"""By country and document."""
