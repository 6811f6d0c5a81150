"""Made-up values: of the same shape, nobody's, the same in a conversation and in no other."""
# ruff: noqa: RUF001 (other scripts, full-width digits)

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.pii import checksums
from pipeline.pii.fakes import given as lists
from pipeline.pii.fakes import numbers
from pipeline.pii.fakes.lettering import plain
from pipeline.pii.kinds import KINDS
from pipeline.pii.surrogates import is_ours, surrogate

KEY = b"k" * 32
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEabcDEFabc123\r\nqwer+/==\n-----END RSA PRIVATE KEY-----"
SEED_PHRASE = "abandon " * 11 + "about"

SAMPLES = {
    "person": [
        *("Maria Silva", "MARIA SILVA", "maria", "Silva's", "Dr. M. Silva", "Silva, Maria"),
        *("Maria de la Cruz", "Ana Bea Silva", "Иван Петров", "Анна Петрова", "محمد علي"),
        *(
            "דוד כהן",
            "राहुल शर्मा",
            "王小明",
            "王明",
            "山田太郎",
            "山田 太郎",
            "佐藤さくら",
            "サクラ",
        ),
        *("マリア・シルバ", "さくら", "김민수", "민수"),
    ],
    "email": [
        *("maria.silva@example.org", "Maria_Silva@example.org", "MSILVA@EXAMPLE.ORG"),
        *("maria dot silva at example dot com", "maria [at] example [dot] com"),
    ],
    "phone": [
        *("+1 (212) 555-0123", "212-555-0123", "555-0123", "+44 20 7946 0018", "020 7946 0018"),
        *("07700 900123", "+33 6 39 98 00 00", "06 39 98 00 00", "+49 30 23125 123"),
        *("+1 212 555 0123 ext. 45", "２１２-５５５-０１２３", "٠٢٠ ٧٩٤٦ ٠٠١٨", "0123"),
    ],
    "address": [
        *("12 Main Street", "12 Main St, Springfield", "PO Box 123", "rue de Rivoli 5"),
        *(
            "ул. Мира, д. 5",
            "和平路1号",
            "東京都1丁目",
            "서울 대로 12",
            "شارع الملك 5",
            "רחוב הים 5",
        ),
        *("5 शांति मार्ग", "Musterweg 5"),
    ],
    "card": ["4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005", "999900000000"],
    "iban": ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"],
    "bank_account": ["000021000", "12345678"],
    "national_id": ["987-65-4321", "123.456.789-09", "AB123456C"],
    "passport": ["X1234567"],
    "driving_licence": ["D123-4567-8901"],
    "plate": ["AB12 CDE", "B-MW 1234"],
    "ip": ["192.0.2.7", "192.0.2.7:8080", "2001:db8::1", "2001:DB8:0:1:2:3:4:5"],
    "mac": ["00:00:5E:00:53:AF", "0000.5e00.53af", "02-00-5e-10-00-00-00-01"],
    "url": ["https://example.org/maria", "example.org/~maria"],
    "url_secret": ["https://user:word@example.org/x?token=abc"],
    "username": ["@maria_s", "maria_s82"],
    "coordinates": ["40.7128, -74.0060", "40°42'46\"N 74°00'22\"W", "40.71, 74"],
    "date_of_birth": [
        *("March 3, 1980", "03/04/1980", "1980-03-04", "3rd of March 1980", "3 MAR 80"),
        *("1980年3月4日", "3 марта 1980", "3 de marzo de 1980"),
    ],
    "wallet": ["1" + "ab" * 16 + "a", "bc1q" + "q" * 38, "0x" + "a" * 40, SEED_PHRASE],
    "device_id": ["00000000000000", "1XXXX00000A004352"],
    "secret": [
        *("sk-proj-abcDEF1234567890abcdefGHIJKL", "AKIAIOSFODNN7EXAMPLE", "0123456789abcdef" * 2),
        *("postgres://user:word@db.example.org:5432/x", PEM, "ghp_" + "aB3" * 12),
    ],
    "other": ["AB-1234-xyz"],
    "password": ["hunter2", "correct.horse.1", "1234"],
}
CASES = [(kind, value) for kind in KINDS for value in SAMPLES[kind]]
OF_SMALL_RANGES = frozenset(
    {"person", "phone", "card", "ip", "mac", "coordinates", "date_of_birth", "plate", "password"}
)


def made(kind: str, written: str, first: str = "", conversation: str = "c") -> str:
    """The surrogate of a value."""
    return surrogate(kind, written, first or written, KEY, conversation)


def test_every_kind_has_samples() -> None:
    """No kind is left without a test."""
    assert set(SAMPLES) >= set(KINDS)


@pytest.mark.parametrize(("kind", "value"), CASES)
def test_surrogates_are_recognised(kind: str, value: str) -> None:
    """What we made for a conversation is ours in it, whatever the conversation."""
    for number in range(50):
        conversation = f"c{number}"
        assert is_ours(kind, made(kind, value, conversation=conversation), KEY, conversation)


@pytest.mark.parametrize(("kind", "value"), CASES)
def test_surrogates_are_not_linked(kind: str, value: str) -> None:
    """A value has other surrogates in other conversations, and with another key."""
    values = {made(kind, value, conversation=f"c{number}") for number in range(40)}
    assert len(values) > 3
    keyed = {surrogate(kind, value, value, bytes([n]) * 32, "c") for n in range(40)}
    assert len(keyed) > 3


@pytest.mark.parametrize(("kind", "value"), [c for c in CASES if c[0] not in OF_SMALL_RANGES])
def test_surrogates_of_others_are_not_ours(kind: str, value: str) -> None:
    """Of some hundred surrogates of other conversations hardly one passes for ours."""
    wrong = [is_ours(kind, made(kind, value, conversation=f"c{n}"), KEY, "d") for n in range(300)]
    assert sum(wrong) <= 3


@pytest.mark.parametrize(
    ("kind", "value"),
    [c for c in CASES if c[0] not in {"phone", "card", "ip", "mac"} and len(c[1]) > 4],
)
def test_real_values_are_not_ours(kind: str, value: str) -> None:
    """A value outside of our ranges passes for ours in hardly any conversation."""
    assert sum(is_ours(kind, value, KEY, f"c{number}") for number in range(60)) <= 1


@pytest.mark.parametrize(("kind", "value"), CASES)
def test_surrogates_are_safe_in_data(kind: str, value: str) -> None:
    """A surrogate brings no quote, bracket, comma, backslash or line end that was not there."""
    fresh = set(re.findall(r"[\"'<>,;\\|`{}\[\]\r\n]", made(kind, value)))
    assert not fresh - set(value) - ({","} if "д." in value else set())


@pytest.mark.parametrize(
    ("written", "first", "want"),
    [
        ("Maria", "Maria Silva", "{one}"),
        ("Silva", "Maria Silva", "{other}"),
        ("Maria  Silva", "Maria Silva", "{one}  {other}"),
        ("Silva's", "Maria Silva", "{other}'s"),
        ("Mrs. Silva", "Maria Silva", "Mrs. {other}"),
        ("M. Silva", "Maria Silva", "{one[0]}. {other}"),
        ("Silva, Maria", "Maria Silva", "{other}, {one}"),
        ("Maria", "Silva, Maria", "{one}"),
        ("Maria Silva", "Maria", "{one} {other}"),
    ],
)
def test_spellings_of_a_person(written: str, first: str, want: str) -> None:
    """Each spelling of a name becomes the same spelling of one made-up name, in the same case."""
    one, other = made("person", "Maria Silva", first).split()
    wanted = want.format(one=one, other=other)
    assert made("person", written, first) == wanted
    assert made("person", written.lower(), first).lower() == wanted.lower()
    if "." not in written and "'" not in written:
        assert made("person", written.upper(), first) == wanted.upper()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+1 (212) 555-0123", "2125550123"),
        ("+44 20 7946 0018", "020 7946 0018"),
        ("+33 6 39 98 00 00", "06.39.98.00.00"),
    ],
)
def test_spellings_of_a_telephone(one: str, other: str) -> None:
    """The same number with and without the country's code ends with the same digits."""
    ours, theirs = made("phone", one, one), made("phone", other, one)
    assert plain(ours)[-9:] == plain(theirs)[-9:]


@pytest.mark.parametrize(("kind", "value"), [c for c in CASES if c[0] in {"phone", "card", "iban"}])
def test_grouping_stays(kind: str, value: str) -> None:
    """Separators stand where they stood."""
    found = made(kind, value)
    assert [s for s in found if not s.isalnum()] == [s for s in value if not s.isalnum()]
    assert len(found) == len(value)


@pytest.mark.parametrize("value", SAMPLES["card"])
def test_cards_are_test_numbers(value: str) -> None:
    """A card passes Luhn, and is a published test number or of no country."""
    number = plain(made("card", value))
    assert checksums.luhn(number)
    assert number in numbers._CARDS or number.startswith("9999")


@pytest.mark.parametrize("value", SAMPLES["iban"])
def test_ibans_pass_the_check_and_name_no_bank(value: str) -> None:
    """The checksum is right; the bank is zeros or X."""
    number = plain(made("iban", value))
    assert checksums.iban(number)
    assert set(number[4:8]) <= {"0", "X"}


@pytest.mark.parametrize(
    ("kind", "value", "pattern"),
    [
        ("email", "maria@example.org", r"[a-z]+@example\.(com|net|org)"),
        ("phone", "+1 (212) 555-0123", r"\+1 \([2-9]\d\d\) 555-01\d\d"),
        ("phone", "020 7946 0018", r"020 7946 0\d{3}"),
        ("phone", "07700 900123", r"07700 900\d{3}"),
        ("phone", "+49 30 23125 123", r"\+99 9\d \d{5} \d{3}"),
        ("ip", "192.0.2.7", r"(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+"),
        ("ip", "2001:db8::1", r"2001:db8::[0-9a-f]{4}:[0-9a-f]{4}"),
        ("mac", "00-00-5e-00-53-af", r"00-00-5e-00-53-[0-9a-f]{2}"),
        ("url", "http://example.org/x", r"http://example\.org/u/\w{10}"),
        ("national_id", "987-65-4321", r"666-\d\d-\d{4}"),
        ("coordinates", "40.7128, -74.0060", r"0\.\d{4}, -0\.\d{4}"),
        ("date_of_birth", "March 3, 1980", r"January 1, 19\d\d"),
        ("secret", "AKIAIOSFODNN7EXAMPLE", r"AKIAFAKE[0-9A-Z]{12}"),
    ],
)
def test_reserved_ranges(kind: str, value: str, pattern: str) -> None:
    """Surrogates are of ranges that are never given out."""
    for number in range(30):
        assert re.fullmatch(pattern, made(kind, value, conversation=f"c{number}"))


@pytest.mark.parametrize("value", SAMPLES["wallet"][:3])
def test_wallets_have_wrong_checksums(value: str) -> None:
    """Nobody can be paid at a surrogate: checksums are wrong, the case of EIP-55 is."""
    found = made("wallet", value)
    assert len(found) == len(value)
    assert not checksums.base58_check(found)
    assert not checksums.bech32(found)
    assert not found.startswith("0x") or found[2:22].isupper() == found[22:].islower()


def test_armour_and_line_ends_of_keys_stay() -> None:
    """A private key keeps its header, footer, and as many lines with the same ends."""
    found = made("secret", PEM)
    assert found.startswith(PEM.partition("\n")[0])
    assert re.findall(r"\r?\n", found) == re.findall(r"\r?\n", PEM)


def test_another_attempt_is_another_value() -> None:
    """Two values that meet in one surrogate can be told apart."""
    found = {
        surrogate("person", "Maria Silva", "Maria Silva", KEY, "c", attempt=n) for n in range(20)
    }
    assert len(found) > 10


def test_names_are_distinct() -> None:
    """No list of names holds a name twice."""
    for names in lists.SPACED.values():
        assert len(set(names.given)) == len(names.given)
        assert len(set(names.families)) == len(names.families)


@given(st.sampled_from(sorted(KINDS)), st.text(min_size=1, max_size=30), st.text(max_size=30))
def test_any_text_has_a_surrogate(kind: str, value: str, first: str) -> None:
    """Whatever a detector takes for a value, making and knowing its surrogate raise nothing."""
    found = surrogate(kind, value, first or value, KEY, "c")
    assert is_ours(kind, found, KEY, "c") in {True, False}
    assert found == surrogate(kind, value, first or value, KEY, "c")


@given(
    st.sampled_from(["phone", "card", "iban", "national_id", "passport", "ip", "mac", "email"]),
    st.text("0123456789abcXYZ +-.:/()@", min_size=6, max_size=24),
)
def test_shapes_of_any_kind_are_recognised(kind: str, value: str) -> None:
    """Also what has an odd shape is ours once it was made."""
    if any(sign.isalnum() for sign in value):
        found = surrogate(kind, value, value, KEY, "c")
        if found != value:
            assert is_ours(kind, found, KEY, "c"), found
