"""Check digits against published numbers, and what each scheme promises to catch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.pii import checksums
from pipeline.pii import national_checks as west
from pipeline.pii import national_checks_east as east

PUBLISHED = [
    (checksums.luhn, "4111111111111111"),
    (checksums.luhn, "490154203237518"),
    (checksums.iban, "GB82WEST12345698765432"),
    (checksums.iban, "MT84MALT011000012345MTLCAST001S"),
    (checksums.mod_11_2, "11010519491231002X"),
    (checksums.mod_11_2, "0000000218250097"),
    (checksums.mod_11_10, "86095742719"),
    (checksums.verhoeff, "2363"),
    (checksums.vin, "1M8GDM9AXKP042788"),
    (checksums.aba, "111000025"),
    (checksums.base58_check, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
    (checksums.bech32, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    (checksums.bech32, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"),
    (west.cpf, "52998224725"),
    (west.cnpj, "11222333000181"),
    (west.curp, "HEGG560427MVZRRL04"),
    (west.cuit, "20123456786"),
    (west.rut, "123456785"),
    (west.nhs, "9434765919"),
    (west.nir, "255081416802538"),
    (west.idnr, "86095742719"),
    (west.nif_es, "12345678Z"),
    (west.nif_es, "X1234567L"),
    (west.codice_fiscale, "RSSMRA85T10A562S"),
    (west.nif_pt, "501964843"),
    (west.bsn, "111222333"),
    (west.national_be, "85073003328"),
    (west.ean_13, "7569217076985"),
    (west.svnr_at, "1237010180"),
    (west.personnummer_se, "8112289874"),
    (west.hetu, "131052-308T"),
    (west.rodne_cislo, "7801233540"),
    (west.pesel, "44051401359"),
    (west.cnp, "1800101221144"),
    (west.egn, "7523169263"),
    (west.taj, "111111110"),
    (west.amka, "01013099997"),
    (west.jmbg, "0101006500006"),
    (east.snils, "11223344595"),
    (east.inn, "500100732259"),
    (east.inn, "7707083893"),
    (east.tckn, "10000000146"),
    (east.resident_cn, "11010519491231002X"),
    (east.national_tw, "A123456789"),
    (east.hkid, "C1234569"),
    (east.nric, "S1234567D"),
    (east.national_th, "1234567890121"),
    (east.my_number, "123456789018"),
    (east.melli, "0499370899"),
    (east.national_za, "8001015009087"),
    (east.tfn, "123456782"),
    (east.medicare, "2123456701"),
    (east.ird, "49091850"),
    (east.isikukood, "37605030299"),
]


@pytest.mark.parametrize(
    ("check", "number"), PUBLISHED, ids=lambda value: getattr(value, "__name__", str(value)[:30])
)
def test_published(check: checksums.Check, number: str) -> None:
    """Numbers of the standards and of the offices' own examples are right."""
    assert check(number)


DIGITS = st.text("0123456789", min_size=8, max_size=18)


@given(DIGITS, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit(body: str, at: int, off: int) -> None:
    """Luhn, Verhoeff, modulo 97 and modulo 11,10 notice any single wrong digit."""
    for check, length in ((checksums.luhn, 1), (checksums.verhoeff, 1), (checksums.mod_97, 2),
                          (checksums.mod_11_10, 1)):  # fmt: skip
        right = next(n for c in range(10**length) if check(n := f"{body}{c:0{length}}"))
        place = at % len(body)
        wrong = f"{right[:place]}{(int(right[place]) + off) % 10}{right[place + 1 :]}"
        assert not check(wrong)


@given(DIGITS, st.integers(0, 16))
def test_two_digits_swapped(body: str, at: int) -> None:
    """Verhoeff and modulo 97 notice any two neighbours swapped."""
    for check, length in ((checksums.verhoeff, 1), (checksums.mod_97, 2)):
        right = next(n for c in range(10**length) if check(n := f"{body}{c:0{length}}"))
        place = at % (len(body) - 1)
        swapped = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
        assert check(swapped) == (swapped == right)


ALL = sorted({check for check, _ in PUBLISHED if check.__module__ == checksums.__name__}, key=repr)


@given(st.text(max_size=40))
def test_any_text(text: str) -> None:
    """What is no number is a wrong number, never an error."""
    for check in ALL:
        assert check(text) in {True, False}
