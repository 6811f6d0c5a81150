"""What is left in a release is found by checks that share no rule with the redactor."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import cli, leaks, recipe
from pipeline.audit import canary_values, checks
from pipeline.audit.check import GAP, Found
from pipeline.audit.knowledge import Policy, plain
from pipeline.errors import InputError
from pipeline.pii import policy
from pipeline.pii.policy import KindOptions
from tests import runs

SENTENCES = {
    "email": "Write to {value}, please",
    "phone": "(+) {value}\nBye",
    "card": "it says {value}.",
    "iban": "to {value} until Monday",
    "national_id": "my number {value}, thanks",
    "ip": "It runs on {value}, I think.",
    "mac": "the device {value} is lost",
    "url": "see {value}.",
    "url_secret": "see {value}",
    "coordinates": "meet me at {value}.",
    "wallet": "send it to {value} now",
    "secret": "key={value}\n",
    "date_of_birth": "I was born on {value}.",
    "password": "The password is {value} today",
    "passport": "Passport no. {value}, plate",
    "username": "My handle is {value}.",
}
"""What stands around a value that the checks must find: cues only where it has no shape."""
HARMLESS = (
    *("os.path.join(a, b) @ c.T", "pkg@2.3.3", "@app.route('/')", "a@b", "x = y @ self.weight"),
    *("version 25.31.44.7", "Chrome/114.0.5735.199", "192.168.1.17", "10.0.0.1", "8.8.8.8"),
    *("std::vector<int>::iterator", "12:34:56", "1 + 12345678901 = x", "ISBN 978-3-16-148410-0"),
    *("3.14159, 2.71828, 1.41421", "[0.00000, -0.00000]", "1234 5678 9012 3456", "4,111,111,111"),
    *("password: your_password", "PASSWORD = os.environ['PW']", "postgres://user:password@host/db"),
    *("My name is Vicuna.", "My name is ChatGPT", "my name is not important", f"My name is {GAP}"),
    *("sk-your-api-key-here-please", "-----BEGIN PUBLIC KEY-----", "123-45-6789", "2023-06-24"),
    *(
        "The 12 Monkeys, a film",
        "in 1984 George Orwell",
        "0x0000000000000000000000000000000000000000",
    ),
    *("00:00:00:00:00:00", "Best regards,\n[Your Name]", "Name: As String\n", "Plate 12345 sold"),
    *(
        "The meeting is at 123 Baker Street.",
        "123 rue Main",
        "Plugin Name: Cache Clear\n",
        "我叫小明",
    ),
    *("Author: Seu Nome\n", "icons/arrow@2x.png", "Best regards,\nCustomer Service Team\n"),
    *("Musterstraße 1", "his SSN is 7203354"),
    *("hmac-sha2-256-etm@openssh.com", "00:1a:2b:3c:4d:5e", "root@d47207e50eba.Rwfvis"),
    *("Disney was born on December 5, 1901, in Chicago", "https://a.example.org/users/login.php"),
)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of sample logs in its output folder."""
    folder = tmp_path_factory.mktemp("leaks")
    runs.curate(runs.sample(folder / "logs", 300), folder / "out")
    return folder / "out"


def kinds(text: str) -> set[str]:
    """The kinds that the checks see in a text."""
    return {hit.kind for hit in checks.found(plain(text))}


@pytest.mark.parametrize("kind", SENTENCES)
@given(seed=st.integers(0, 10**9))
def test_a_value_that_is_left_is_found(kind: str, seed: int) -> None:
    """Whatever value of a kind stands in a sentence, a check of that kind reports it."""
    value = canary_values.value(kind, Random(seed), "en")  # noqa: S311

    assert kind in kinds(SENTENCES[kind].format(value=value))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("john (at) gmail (dot) com", "email"),
        ("mail john dot doe at gmail dot com", "email"),
        ("ｊｏｈｎ＠ｇｍａｉｌ．ｃｏｍ", "email"),  # noqa: RUF001
        ("jo\u200bhn@gm\u200bail.com", "email"),
        ("call me at 617 253 8170", "phone"),
        ("(617) 253-8170", "phone"),
        ("CPF 529.982.247-25", "national_id"),
        ("My name is Hayley Jackson and", "person"),
        ("меня зовут Анна Лебедева", "person"),
        ("我叫王建国", "person"),
        ("Best regards,\nMelissa Donovan\n", "person"),
        ("Contact: Melissa Donovan\n", "person"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq", "secret"),
        ("postgres://shop:hT7kq2Lm@db.shop.net/x", "url_secret"),
        ("814 Lewis Avenue, Port Michael, RI 45257", "address"),
        ("Lindenstraße 17", "address"),
        ("12, rue de Leroy", "address"),
        ("plate 60-5271E.", "plate"),
        ("2a02:8109:9a40:1c3e:5c1f:22ff:fe11:9d1e", "ip"),
    ],
)
def test_shapes_of_many_kinds_are_known(text: str, kind: str) -> None:
    """Spelled out, full-width, interrupted by invisible signs, after a cue: it is found."""
    assert kind in kinds(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_nobodys_is_no_hit(text: str) -> None:
    """Code, versions, samples and stand-ins are not reported."""
    assert not kinds(text)


def knowing(options: Mapping[str, KindOptions], **told: Any) -> Policy:
    """The release policy with other options for some kinds."""
    return Policy(policy.rulings("release", options), **told)


def test_what_the_policy_keeps_is_no_leak() -> None:
    """Kinds that are kept, roles not looked at, allowed and public values may stand."""
    hit = Found("e-mail", "email", "Ann.Lee@mail.net")

    assert knowing({}).forbids(hit, "user")
    assert not knowing({"email": KindOptions(action="keep")}).forbids(hit, "user")
    only_users = knowing({"email": KindOptions(roles=("user",))})
    assert only_users.forbids(hit, "user")
    assert not only_users.forbids(hit, "assistant")
    assert not knowing({"email": KindOptions(allow=("ann.lee@MAIL.net",))}).forbids(hit, "user")
    public = knowing({}, public=frozenset({("email", "ann.lee@mail.net")}))
    assert not public.forbids(hit, "user")
    assert not knowing({}).forbids(hit._replace(value="info@example.org"), "user")


def test_only_what_can_be_ours_is_passed_over() -> None:
    """Placeholders and masks make gaps; a declared span that holds a value is looked at."""
    told = knowing({})
    text = "EMAIL_1 and ann@mail.net, NAME_2 ********"
    spans = [span(text, "EMAIL_1"), span(text, "ann@mail.net"), span(text, "********")]

    assert told.bare(text, spans, "c") == f"{GAP} and ann@mail.net, {GAP} {GAP}"


def test_our_surrogates_are_known_by_the_key() -> None:
    """Under the policy `surrogate`, one of ours is passed over and another value is not."""
    from pipeline.pii import surrogates  # noqa: PLC0415 (half a second)

    key = b"k" * 32
    told = knowing({"email": KindOptions(action="surrogate")}, key=key)
    ours = surrogates.surrogate("email", "ann@mail.net", "ann@mail.net", key, "c")
    text = f"{ours} or bob@mail.net"

    spans = [span(text, ours, "email"), span(text, "bob@mail.net", "email")]
    assert told.bare(text, spans, "c") == f"{GAP} or bob@mail.net"


def span(text: str, value: str, kind: str = "email") -> dict[str, Any]:
    """A declared redaction."""
    start = text.index(value)
    return {"message": 0, "start": start, "end": start + len(value), "kind": kind, "rule": "r"}


def test_a_release_of_sample_logs_has_no_leaks(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names, mail, cards, phones and addresses of the sample are all gone: exit code 0."""
    assert cli.main(["leaks", str(output / "release"), "--run", str(output / "run")]) == 0
    assert cli.main(["leaks", str(output)]) == 0
    assert "0 hits" in capsys.readouterr().out


@pytest.fixture
def spoiled(output: Path, tmp_path: Path) -> Path:
    """A copy of the release in which some values were put back."""
    folder = tmp_path / "out"
    shutil.copytree(output, folder)
    path = max((folder / "release" / "data" / "conversations").rglob("*.parquet"))
    table = pq.read_table(path)
    rows = table.to_pylist()
    rows[3]["conversation"][0]["content"] += "\nWrite to q.whitaker@mail.net"
    rows[5]["conversation"][1]["content"] += "\nCard 4000 0012 3456 7899, IBAN"
    schema = table.schema
    pq.write_table(pa.Table.from_pylist(rows, schema), path, row_group_size=4)
    return folder


def test_a_leak_is_reported_by_place_and_not_by_value(
    spoiled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, row, message, kind and count, also as JSON; no value without a terminal."""
    release = str(spoiled / "release")

    assert cli.main(["leaks", release]) == 1
    assert cli.main(["leaks", release, "--json"]) == 1
    assert cli.main(["leaks", release, "--show-raw"]) == 2
    said = capsys.readouterr()
    found = [json.loads(line) for line in said.out.splitlines() if line.startswith("{")]
    assert [(one["row"], one["message"], one["kind"], one["count"]) for one in found] == [
        (3, 0, "email", 1),
        (5, 1, "card", 1),
    ]
    assert "row 3 message 0 (user): email" in said.out
    assert "whitaker" not in said.out + said.err
    assert "7899" not in said.out + said.err


def test_a_redacted_value_that_stands_elsewhere_is_a_leak(output: Path, tmp_path: Path) -> None:
    """With the run folder, a value that was redacted in one turn is looked for in all."""
    shutil.copytree(output / "release", tmp_path / "release")
    path = max((tmp_path / "release" / "data" / "conversations").rglob("*.parquet"))
    table = pq.read_table(path)
    rows = table.to_pylist()
    told = leaks.known(str(output / "release"), None, str(output / "run"), None)
    again = leaks._Again(str(path.relative_to(tmp_path / "release")), told)
    held = again.values(0, len(rows))
    row = next(n for n, values in enumerate(held) if any(kind == "person" for kind, _ in values))
    value = next(value for kind, value in held[row] if kind == "person")
    rows[row]["conversation"][0]["content"] += f"\nsee {value.upper()}!"
    pq.write_table(pa.Table.from_pylist(rows, table.schema), path)

    hits = list(leaks.scan(str(tmp_path / "release"), told))
    assert [(hit.row, hit.message, hit.check) for hit in hits] == [(row, 0, leaks.AGAIN)]
    assert value not in repr(hits)


def chat(number: int, text: str) -> str:
    """A log line: user `number` says a text in a conversation of their own."""
    state = {
        "messages": [["user", text], ["assistant", f"Answer number {number}."]],
        "offset": 0,
        "conv_id": f"{number:032x}",
    }
    row = {"tstamp": 1.7e9 + number, "type": "chat", "model": "maple", "state": state}
    return json.dumps(row | {"ip": f"198.18.0.{number}"}) + "\n"


def test_public_values_are_known_from_the_run(tmp_path: Path) -> None:
    """What many users wrote was kept on purpose: no leak where the run is known."""
    log = tmp_path / "2023-11-14-conv.json"
    log.write_text("".join(chat(n, f"{n}: ask help.desk@mail.net") for n in range(1, 4)))
    made = recipe.build({"stages": [{"redact_pii": {"public_users": 3}}]})
    runs.curate(str(log), tmp_path / "out", made)
    release, run = str(tmp_path / "out" / "release"), str(tmp_path / "out" / "run")

    without = [*leaks.scan(release, leaks.known(release, None, None, None))]
    assert [hit.kind for hit in without] == ["email"] * 3
    assert not [*leaks.scan(release, leaks.known(release, None, run, None))]


def test_what_is_no_release_is_refused(tmp_path: Path, output: Path) -> None:
    """A folder without a manifest, and a run folder without a plan, are clear errors."""
    with pytest.raises(InputError):
        leaks.known(str(tmp_path), None, None, None)
    with pytest.raises(InputError, match="no run folder"):
        leaks.known(str(output / "release"), None, str(tmp_path), None)
