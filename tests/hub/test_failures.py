"""What is said of a failure: enough to mend it, and no secret."""

import httpx2
import pytest
from huggingface_hub.errors import HfHubHTTPError, LocalTokenNotFoundError

from pipeline.hub import failures
from tests.hub.loopback import WRITER

SIGNED = "https://store.example.org/xorb?X-Amz-Signature=abcdef&X-Amz-Credential=me"


@pytest.mark.parametrize(
    "text",
    [
        f"cannot send {WRITER} there",
        "header Authorization: Bearer opaque-token",
        "with hf_SomeOtherToken1234",
        f"PUT {SIGNED} failed",
        "the key is opaque-token",
    ],
)
def test_no_secret_is_told(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Tokens of any form and signatures of addresses are struck from what exceptions say."""
    monkeypatch.setenv("HF_TOKEN", "opaque-token")
    said = failures.plain(RuntimeError(text))

    assert "RuntimeError" in said
    for secret in (WRITER, "opaque-token", "SomeOtherToken", "Signature", "Credential"):
        assert secret not in said


def answered(status: int, **headers: str) -> HfHubHTTPError:
    """An exception for an answer of the Hub."""
    request = httpx2.Request("POST", "https://hub.example.org/api")
    response = httpx2.Response(status, headers=headers, request=request)
    return HfHubHTTPError("no", response=response)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (answered(401), "denied"),
        (answered(403), "denied"),
        (answered(409), "exists"),
        (answered(412), "moved"),
        (answered(413), "refused"),
        (answered(429), "passing"),
        (answered(503), "passing"),
        (httpx2.ReadTimeout("slow"), "passing"),
        (LocalTokenNotFoundError("none"), "denied"),
        (PermissionError("xet"), "denied"),
        (ValueError("bad card"), "refused"),
        (RuntimeError("who knows"), "passing"),
        (failures.ChangedError("it changed"), "changed"),
    ],
)
def test_kinds_of_failures(error: Exception, kind: str) -> None:
    """What may pass is tried again, what cannot pass is not."""
    assert failures.failure(error).kind == kind


def test_a_cause_speaks_for_its_wrapper() -> None:
    """The library wraps failures of uploads in a RuntimeError; its cause says what it was."""
    wrapped = RuntimeError("Error while uploading")
    wrapped.__cause__ = answered(403)
    assert failures.failure(wrapped).kind == "denied"


@pytest.mark.parametrize("header", [{"Retry-After": "7"}, {"RateLimit": '"api";r=0;t=7'}])
def test_the_hub_says_how_long_to_wait(header: dict[str, str]) -> None:
    """Both ways in which a Hub asks for patience are understood."""
    assert failures.failure(answered(429, **header)).wait_s == 7
