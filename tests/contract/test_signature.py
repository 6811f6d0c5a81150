"""A release can be signed, and anyone who knows the signer's public key can tell."""

import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.contract import signature, verify
from pipeline.errors import InputError
from tests import runs


@pytest.fixture(name="output", scope="module")
def _output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run."""
    folder = tmp_path_factory.mktemp("signed")
    runs.curate(runs.sample(folder / "logs", 40), folder / "out", runs.small("rich"))
    return folder / "out"


def key(folder: Path, name: str, who: str = "release@example.org") -> tuple[str, str]:
    """A new key without a passphrase, and a list of allowed signers with it alone."""
    path = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    allowed = folder / f"{name}.allowed"
    public = path.with_suffix(".pub").read_text().split()[:2]
    allowed.write_text(f'{who} namespaces="{signature.NAMESPACE}" {" ".join(public)}\n')
    return str(path), str(allowed)


def test_a_signed_release_is_verified(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Signed, it passes with and without `--signers`, and the signature is no stray file."""
    shutil.copytree(output, tmp_path / "out")
    mine, allowed = key(tmp_path, "mine")
    release = str(tmp_path / "out" / "release")

    assert cli.main(["sign", str(tmp_path / "out"), "--key", mine]) == 0
    assert capsys.readouterr().out.strip() == f"{release}/manifest.json.sig"
    assert cli.main(["verify", release]) == 0
    assert cli.main(["verify", release, "--signers", allowed]) == 0


def test_ssh_keygen_alone_can_tell(output: Path, tmp_path: Path) -> None:
    """The command of docs/releases.md, with nothing of ours."""
    shutil.copytree(output / "release", tmp_path / "release")
    mine, allowed = key(tmp_path, "mine")
    made = signature.sign(str(tmp_path / "release"), mine)
    words = ["ssh-keygen", "-Y", "verify", "-f", allowed, "-I", "release@example.org"]
    words += ["-n", signature.NAMESPACE, "-s", made]
    manifest = (tmp_path / "release" / "manifest.json").read_bytes()

    assert subprocess.run(words, input=manifest, check=False).returncode == 0
    assert subprocess.run(words, input=manifest + b" ", check=False).returncode != 0


def test_faults_of_a_signature(output: Path, tmp_path: Path) -> None:
    """None, somebody else's, or one of another manifest: a fault each, and no file is stray."""
    shutil.copytree(output / "release", tmp_path / "release")
    release, manifest = str(tmp_path / "release"), tmp_path / "release" / "manifest.json"
    mine, allowed = key(tmp_path, "mine")
    _, others = key(tmp_path, "other")

    def found(signers: str) -> list[str]:
        return [f"{one.rule}: {one.what}" for one in verify(release, signers).faults]

    assert found(allowed) == ["signature: the manifest is not signed"]
    signature.sign(release, mine)
    assert found(allowed) == []
    assert found(others) == ["signature: is of nobody on the list"]
    manifest.write_bytes(manifest.read_bytes() + b"\n")
    assert found(allowed) == ["signature: is no signature of this manifest"]
    (tmp_path / "release" / "manifest.json.sig").write_text("no signature")
    assert found(allowed) == ["signature: is of nobody on the list"]


def test_a_signature_for_another_purpose_is_none(output: Path, tmp_path: Path) -> None:
    """The same key over the same bytes, but signed as a file: not as a release."""
    shutil.copytree(output / "release", tmp_path / "release")
    mine, _ = key(tmp_path, "mine")
    public = Path(f"{mine}.pub").read_text()
    (tmp_path / "any").write_text(f"release@example.org {public}")
    manifest = tmp_path / "release" / "manifest.json"
    subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-f", mine, "-n", "file", manifest], check=True
    )
    found = verify(str(tmp_path / "release"), str(tmp_path / "any")).faults

    assert [one.what for one in found] == ["is no signature of this manifest"]


def test_what_cannot_be_signed(
    output: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No key, no private key, no OpenSSH, a release with a fault: one line each, no signature."""
    shutil.copytree(output, tmp_path / "out")
    mine, allowed = key(tmp_path, "mine")
    (tmp_path / "nonsense").write_text("no key")
    for wrong in ("absent", "nonsense"):
        assert cli.main(["sign", str(tmp_path / "out"), "--key", str(tmp_path / wrong)]) == 3
    (tmp_path / "out" / "release" / "stray.txt").write_text("")
    assert cli.main(["sign", str(tmp_path / "out"), "--key", mine]) == 10
    (tmp_path / "out" / "release" / "stray.txt").unlink()
    with pytest.raises(InputError, match="allowed signers"):
        verify(str(tmp_path / "out" / "release"), str(tmp_path / "absent"))
    monkeypatch.setenv("PATH", str(tmp_path))
    capsys.readouterr()
    assert cli.main(["sign", str(tmp_path / "out"), "--key", mine]) == 3
    assert capsys.readouterr().err.splitlines() == [
        "curate: ssh-keygen is not there: install OpenSSH 8.1 or later"
    ]
    assert not (tmp_path / "out" / "release" / "manifest.json.sig").exists()
    assert allowed
