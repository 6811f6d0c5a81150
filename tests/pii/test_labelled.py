"""The labelled set holds what it says."""

from collections import Counter

import pytest
from presidio_analyzer import predefined_recognizers as theirs

from benchmarks.pii import checked, frames, keccak, people, values
from benchmarks.pii.labelled import IGNORED, KINDS, labelled
from benchmarks.pii.national import NUMBERS

SAMPLES = {
    "br_cpf": "111444777 35",
    "br_cnpj": "112223330001 81",
    "cn_rin": "11010519491231002 X",
    "fr_nir": "2550814168025 38",
    "mx_curp": "HEGG560427MVZRRL0 4",
    "mx_rfc": "GODE561231GR 8",
    "nl_bsn": "11122233 3",
    "ru_inn": "5001007322 59",
    "ru_snils": "112233445 95",
    "jp_my": "12345678901 8",
    "il_tz": "00000001 8",
    "it_cf": "RSSMRA85T10A562 S",
    "de_idnr": "8609574271 9",
    "se_pnr": "811218987 6",
    "fi_hetu": "131052308 T",
    "cl_rut": "12345678 5",
    "za_id": "800101500908 7",
    "ca_sin": "04645428 6",
}
"""Numbers that the offices publish as samples: the body and its check signs."""
VALIDATORS = {
    "es_nif": theirs.EsNifRecognizer(),
    "es_nie": theirs.EsNieRecognizer(),
    "pl_pesel": theirs.PlPeselRecognizer(),
    "in_aadhaar": theirs.InAadhaarRecognizer(),
    "kr_rrn": theirs.KrRrnRecognizer(),
    "gb_nhs": theirs.NhsRecognizer(),
    "au_tfn": theirs.AuTfnRecognizer(),
    "tr_tckn": theirs.TrNationalIdRecognizer(),
}


def spans() -> list[tuple[str, str, str]]:
    """Kind, variant and text of each label."""
    return [
        (span.kind, span.variant, one.messages[span.message][span.start : span.end])
        for one in labelled()
        for span in one.spans
    ]


def test_it_is_large_and_varied() -> None:
    """At least 1,500 messages of 300 frames in 12 languages; 500 hard negatives; every kind."""
    found = labelled()
    bare = [one for one in found if not one.spans]

    assert sum(len(one.messages) for one in found) >= 1500
    assert len({one.frame for one in found if one.spans}) >= 300
    assert len({one.language for one in found if one.spans}) >= 12
    assert sum(len(one.messages) for one in bare) >= 500
    assert set(Counter(kind for kind, _, _ in spans())) == {*KINDS, IGNORED}


def test_no_conversation_stands_twice() -> None:
    """All conversations differ, and so do all frames."""
    assert len({one.messages for one in labelled()}) == len(labelled())
    assert len({one.turns for one in frames.frames()}) == len(frames.frames())


def test_labels_lie_in_their_messages() -> None:
    """Labels are not empty, do not overlap, and hold no blanks at their edges."""
    for one in labelled():
        assert one.roles == ("user", "assistant", "user", "assistant")[: len(one.messages)]
        ends = dict.fromkeys(range(len(one.messages)), 0)
        for span in one.spans:
            text = one.messages[span.message][span.start : span.end]
            assert text == text.strip() != ""
            assert ends[span.message] <= span.start
            ends[span.message] = span.end


def test_no_hole_is_left() -> None:
    """Every hole of every frame is filled."""
    assert not [text for one in labelled() for text in one.messages if set(text) & set("⟦⟧⟪⟫⟨⟩")]


def test_negatives_hold_no_label() -> None:
    """The tag `negative` means what it says."""
    assert not [one for one in labelled() if "negative" in one.tags and one.spans]


@pytest.mark.parametrize("variant", SAMPLES)
def test_check_signs_are_those_of_published_samples(variant: str) -> None:
    """The check signs of published sample numbers are found."""
    body, check = SAMPLES[variant].split()

    assert NUMBERS[variant].check(body) == check


@pytest.mark.parametrize("variant", VALIDATORS)
def test_presidio_finds_the_checksums_right(variant: str) -> None:
    """Presidio's validators accept every id of their country."""
    ids = [text for kind, country, text in spans() if (kind, country) == ("national_id", variant)]

    assert ids
    assert all(VALIDATORS[variant].validate_result(text) for text in ids)


def test_cards_pass_luhn_and_accounts_modulo_97() -> None:
    """Every card and every IBAN is right, however it is written."""
    for kind, _, text in spans():
        plain = "".join(one for one in text if one.isalnum()).upper()
        if kind == "card":
            digits = [int(one) for one in reversed(plain)]
            doubled = [2 * one - 9 * (one > 4) for one in digits[1::2]]
            assert (sum(digits[::2]) + sum(doubled)) % 10 == 0, text
        if kind == "iban":
            assert int("".join(str(int(one, 36)) for one in plain[4:] + plain[:4])) % 97 == 1, text


def test_known_checks() -> None:
    """IBAN, VIN, base 58 and Keccak agree with published samples."""
    assert checked.iban_check("GB", "WEST12345698765432") == "82"
    assert checked.vin_check("1M8GDM9A0KP042788") == "X"
    assert checked.base58(bytes(21)) == "1111111111111111111114oLvT2"
    assert keccak.keccak_256(b"").hex().startswith("c5d2460186f7233c927e7db2dcc703c0")


def test_mail_reaches_nobody() -> None:
    """Mail addresses are at domains that nobody can own."""
    assert all(host.endswith(("example.org", "example.net")) for host in people.HOSTS)
    assert len(values.vendors()) >= 20
