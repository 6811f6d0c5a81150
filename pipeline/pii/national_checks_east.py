"""As national_checks, for Russia and its neighbours, Asia, Africa and Oceania."""
# ruff: noqa: PLR2004 (the schemes' own numbers)

from pipeline.pii.checksums import ALPHANUMERIC, luhn, mod_11_2, verhoeff, weighted
from pipeline.pii.national_checks import is_date, sums_to


def snils(text: str) -> bool:
    """Russia, pensions: modulo 101."""
    return (
        int(text[9:]) == weighted(text, range(9, 0, -1)) % 101 % 100 and int(text[:9]) > 1_001_998
    )


def inn(text: str) -> bool:
    """Russia, tax: ten digits of firms, twelve of persons, modulo 11."""
    weights = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    if len(text) == 10:
        return weighted(text, weights[2:]) % 11 % 10 == int(text[9])
    return all(weighted(text[:n], weights[11 - n :]) % 11 % 10 == int(text[n]) for n in (10, 11))


def rnokpp(text: str) -> bool:
    """Ukraine, tax: modulo 11."""
    return weighted(text, (-1, 5, 7, 9, 4, 6, 10, 5, 7)) % 11 % 10 == int(text[9])


def iin(text: str) -> bool:
    """Kazakhstan: date; the check digit with a second row of weights where the first gives ten."""
    check = weighted(text, range(1, 12)) % 11
    if check == 10:
        check = weighted(text, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) % 11
    return is_date(text[:2], text[2:4], text[4:6]) and check == int(text[11])


def isikukood(text: str) -> bool:
    """Estonia, Lithuania: date; two rows of weights as in Kazakhstan."""
    check = weighted(text, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    if check == 10:
        check = weighted(text, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10
    return is_date(text[1:3], text[3:5], text[5:7]) and check == int(text[10])


def tckn(text: str) -> bool:
    """Türkiye: two check digits."""
    numbers = [int(c) for c in text]
    tenth = (7 * sum(numbers[:9:2]) - sum(numbers[1:8:2])) % 10
    return text[0] != "0" and numbers[9] == tenth and sum(numbers[:10]) % 10 == numbers[10]


def resident_cn(text: str) -> bool:
    """China: date, and modulo 11-2 with X for ten."""
    return (
        is_date(text[6:10], text[10:12], text[12:14]) and mod_11_2(text) and text[:2] in PROVINCES
    )


PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)


def national_tw(text: str) -> bool:
    """Taiwan: a letter of the place, then modulo 10."""
    rank = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(text[0]) + 10
    return sums_to(f"{rank}{text[1:]}", (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), 10)


def hkid(text: str) -> bool:
    """Hong Kong: one or two letters, modulo 11 with A for ten; a missing letter counts as 36."""
    values = [ALPHANUMERIC.index(c) for c in text]
    values = [36] * (9 - len(values)) + values
    return sum(v * w for v, w in zip(values, range(9, 0, -1), strict=True)) % 11 == 0


def nric(text: str) -> bool:
    """Singapore: a letter modulo 11 that depends on the first letter."""
    total = weighted(text[1:8], (2, 7, 6, 5, 4, 3, 2)) + {"T": 4, "G": 4, "M": 3}.get(text[0], 0)
    letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "M": "KLJNPQRTUWX"}
    rest = total % 11 if text[0] != "M" else 10 - total % 11
    return letters.get(text[0], "XWUTRQPNMLK")[rest] == text[8]


def national_th(text: str) -> bool:
    """Thailand: modulo 11."""
    return len(set(text)) > 2 and (11 - weighted(text, range(13, 1, -1)) % 11) % 10 == int(text[12])


def mykad(text: str) -> bool:
    """Malaysia: date and a place that exists."""
    return is_date(text[:2], text[2:4], text[4:6]) and text[6:8] not in {
        "00",
        "17",
        "18",
        "19",
        "20",
    }


def nik(text: str) -> bool:
    """Indonesia: a province, and a date with 40 more for women's days."""
    day = int(text[6:8]) % 40
    return 11 <= int(text[:2]) <= 97 and is_date(text[10:12], text[8:10], f"{day:02}")


def rrn(text: str) -> bool:
    """Korea: a date; numbers since 2020 have no check digit."""
    return is_date(text[:2], text[2:4], text[4:6])


def my_number(text: str) -> bool:
    """Japan: modulo 11."""
    rest = weighted(text, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return len(set(text)) > 2 and int(text[11]) == (0 if rest < 2 else 11 - rest)


def aadhaar(text: str) -> bool:
    """India: Verhoeff, no palindrome, begins with 2 to 9."""
    return text[0] > "1" and len(set(text)) > 2 and text != text[::-1] and verhoeff(text)


def melli(text: str) -> bool:
    """Iran: modulo 11."""
    rest = weighted(text, range(10, 1, -1)) % 11
    return len(set(text)) > 1 and int(text[9]) == (rest if rest < 2 else 11 - rest)


def emirates(text: str) -> bool:
    """United Arab Emirates: 784, year of birth, Luhn."""
    return text.startswith("784") and 1900 < int(text[3:7]) < 2030 and luhn(text)


def national_eg(text: str) -> bool:
    """Egypt: century, date, governorate."""
    return text[0] in "23" and is_date(text[1:3], text[3:5], text[5:7]) and int(text[7:9]) < 89


def national_za(text: str) -> bool:
    """South Africa: date, citizenship, Luhn."""
    return is_date(text[:2], text[2:4], text[4:6]) and text[10] in "012" and luhn(text)


def tfn(text: str) -> bool:
    """Australia, tax: modulo 11."""
    return sums_to(text, (1, 4, 3, 7, 5, 8, 6, 9, 10), 11) and len(set(text)) > 1


def medicare(text: str) -> bool:
    """Australia, health: the ninth digit modulo 10."""
    return text[0] in "23456" and sums_to(text[:8], (1, 3, 7, 9) * 2, 10, int(text[8]))


def ird(text: str) -> bool:
    """New Zealand, tax: modulo 11, a second row of weights where the first gives ten."""
    padded = text.rjust(9, "0")
    check = -weighted(padded, (3, 2, 7, 6, 5, 4, 3, 2)) % 11
    if check == 10:
        check = -weighted(padded, (7, 4, 3, 2, 5, 2, 7, 6)) % 11
    return check == int(padded[8]) and 10_000_000 < int(padded) < 150_000_000
