"""Check digits and dates of national numbers. Each takes the number in capitals, no separators."""
# ruff: noqa: PLR2004, E501 (the schemes' own numbers)

import calendar
from collections.abc import Sequence

from pipeline.pii.checksums import ALPHANUMERIC, luhn, mod_11_10, weighted

TAX_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
ODD_VALUES = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25,
              24, 23)  # fmt: skip


def is_date(year: str, month: str, day: str) -> bool:
    """Whether the digits are a day of some year; two digits of a year are of this century or last."""
    if not (year + month + day).isdigit() or not 1 <= int(month) <= 12:
        return False
    return 1 <= int(day) <= calendar.monthrange(int(year) + 2000 * (len(year) == 2), int(month))[1]


def sums_to(text: str, weights: Sequence[int], modulus: int, rest: int = 0) -> bool:
    """Whether the weighted sum leaves that rest."""
    total = weighted(text, weights)
    return total >= 0 and total % modulus == rest


def ssn(text: str) -> bool:
    """US social security: no area 000, 666 or from 900 on, no zero group or serial, no specimen."""
    if text in {"123456789", "111223333", "078051120"}:
        return False
    return (
        text[:3] not in {"000", "666"} and text[0] != "9" and text[3:5] != "00" < text[5:] != "0000"
    )


def itin(text: str) -> bool:
    """US taxpayer number: 9, and a group in the ranges of the IRS."""
    group = int(text[3:5])
    return text[0] == "9" and (
        50 <= group <= 65 or 70 <= group <= 88 or group in (90, 91, 92) or group >= 94
    )


def cpf(text: str) -> bool:
    """Brazil, persons: two digits modulo 11."""
    return len(set(text)) > 1 and all(
        weighted(text[:n], range(n + 1, 1, -1)) * 10 % 11 % 10 == int(text[n]) for n in (9, 10)
    )


def cnpj(text: str) -> bool:
    """Brazil, firms: two digits modulo 11."""
    weights = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    return len(set(text)) > 1 and all(
        weighted(text[:n], weights[13 - n :]) * 10 % 11 % 10 == int(text[n]) for n in (12, 13)
    )


def curp(text: str) -> bool:
    """Mexico, persons: date and check digit."""
    values = {c: n for n, c in enumerate("0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ")}
    total = sum(values[c] * (18 - at) for at, c in enumerate(text[:17]))
    return is_date(text[4:6], text[6:8], text[8:10]) and text[17:] == str(-total % 10)


def rfc(text: str) -> bool:
    """Mexico, tax: a date in it, and a check character."""
    values = {c: n for n, c in enumerate("0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ")}
    padded = text.rjust(13)
    total = sum(values.get(c, 0) * (13 - at) for at, c in enumerate(padded[:12]))
    check = "0123456789A"[-total % 11]
    return is_date(padded[4:6], padded[6:8], padded[8:10]) and padded[12] == check


def cuit(text: str) -> bool:
    """Argentina, tax."""
    return sums_to(text, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), 11)


def rut(text: str) -> bool:
    """Chile: modulo 11, K is ten."""
    body = text[:-1].rjust(8, "0")
    check = -weighted(body, (3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return len(set(body)) > 2 and text[-1] == "0123456789K"[check]


def cedula_ec(text: str) -> bool:
    """Ecuador: a province and Luhn."""
    return 1 <= int(text[:2]) <= 30 and luhn(text)


def nhs(text: str) -> bool:
    """England's health service: modulo 11."""
    return len(set(text)) > 1 and sums_to(text, (10, 9, 8, 7, 6, 5, 4, 3, 2, 1), 11)


def nino(text: str) -> bool:
    """UK national insurance: prefixes that are given out."""
    return text[:2] not in {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"} and text[1] != "O"


def nir(text: str) -> bool:
    """France: the rest modulo 97; Corsica's letters count as digits."""
    body = text[:13].replace("2A", "19").replace("2B", "18")
    return body.isdigit() and 97 - int(body) % 97 == int(text[13:])


def idnr(text: str) -> bool:
    """Germany, tax: one digit two or three times among the first ten."""
    most = max(text[:10].count(d) for d in "0123456789")
    return text[0] != "0" and 2 <= most <= 3 and mod_11_10(text)


def nif_es(text: str) -> bool:
    """Spain: the letter is the number modulo 23; X, Y, Z of foreigners count as 0, 1, 2."""
    number = text[:-1].translate(str.maketrans("XYZ", "012"))
    return number.isdigit() and len(set(number)) > 1 and TAX_LETTERS[int(number) % 23] == text[-1]


def codice_fiscale(text: str) -> bool:
    """Italy: sixteen characters, the last a sum modulo 26."""
    ranks = [ALPHANUMERIC.index(c) - 10 * (c.isalpha()) for c in text]
    total = sum(ODD_VALUES[n] for n in ranks[:15:2]) + sum(ranks[1:15:2])
    return chr(65 + total % 26) == text[15]


def nif_pt(text: str) -> bool:
    """Portugal: modulo 11, ten is zero."""
    return int(text[8]) == -weighted(text[:8], range(9, 1, -1)) % 11 % 10


def bsn(text: str) -> bool:
    """The Netherlands: eleven test."""
    padded = text.rjust(9, "0")
    return int(padded) > 0 and sums_to(padded[:8], range(9, 1, -1), 11, int(padded[8]))


def national_be(text: str) -> bool:
    """Belgium: modulo 97, with a 2 before those born from 2000 on."""
    body, check = text[:9], int(text[9:])
    return check in (97 - int(body) % 97, 97 - int("2" + body) % 97) and int(text[2:4]) % 20 <= 12


def ean_13(text: str) -> bool:
    """Weights 1 and 3: Swiss AHV."""
    return sums_to(text, (1, 3) * 6 + (1,), 10)


def svnr_at(text: str) -> bool:
    """Austria, social security: the fourth digit is the check."""
    return text[3] != "0" and weighted(text, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11 == int(text[3])


def personnummer_se(text: str) -> bool:
    """Sweden: date and Luhn over ten digits; a day plus 60 is a coordination number."""
    ten = text[-10:]
    return luhn(ten) and is_date(ten[:2], ten[2:4], f"{int(ten[4:6]) % 60:02}")


def hetu(text: str) -> bool:
    """Finland: date, and a character modulo 31."""
    number = int(text[:6] + text[-4:-1])
    return (
        is_date(text[4:6], text[2:4], text[:2])
        and "0123456789ABCDEFHJKLMNPRSTUVWXY"[number % 31] == text[-1]
    )


def fodselsnummer(text: str) -> bool:
    """Norway: date, and two digits modulo 11."""
    return (
        is_date(text[4:6], text[2:4], f"{int(text[:2]) % 40:02}")
        and sums_to(text, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1), 11)
        and sums_to(text, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), 11)
    )


def cpr(text: str) -> bool:
    """Denmark: a date; its check digit is no longer kept."""
    return is_date(text[4:6], text[2:4], text[:2])


def rodne_cislo(text: str) -> bool:
    """Czechia, Slovakia: date with 50 more for women, and a multiple of 11 from 1954 on."""
    month = int(text[2:4]) % 50 % 20
    is_whole = (
        len(text) == 9 or int(text) % 11 == 0 or (int(text[:9]) % 11 == 10 and text[9] == "0")
    )
    return is_whole and is_date(text[:2], f"{month:02}", text[4:6])


def pesel(text: str) -> bool:
    """Poland: date with the century in the month, weights modulo 10."""
    is_born = is_date(text[:2], f"{int(text[2:4]) % 20:02}", text[4:6])
    return is_born and sums_to(text, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1), 10)


def cnp(text: str) -> bool:
    """Romania: date, county, modulo 11."""
    check = weighted(text, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return is_date(text[1:3], text[3:5], text[5:7]) and int(text[12]) == (
        1 if check == 10 else check
    )


def egn(text: str) -> bool:
    """Bulgaria: date with the century in the month, modulo 11."""
    check = weighted(text, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10
    return is_date(text[:2], f"{int(text[2:4]) % 20:02}", text[4:6]) and int(text[9]) == check


def taj(text: str) -> bool:
    """Hungary, health."""
    return sums_to(text[:8], (3, 7) * 4, 10, int(text[8]))


def amka(text: str) -> bool:
    """Greece, social security: date and Luhn."""
    return is_date(text[4:6], text[2:4], text[:2]) and luhn(text)


def jmbg(text: str) -> bool:
    """The countries of former Yugoslavia: date, modulo 11."""
    check = -weighted(text, (7, 6, 5, 4, 3, 2) * 2) % 11
    return 1 <= int(text[2:4]) <= 12 and check == int(text[12])
