"""Texts -> what is said in them in words: no code, addresses, placeholders, markup or numbers.

A detector of languages takes code for English: of prompts in other languages with code below
them, the ancestor's was right in 19 %, and in 95 % without the code (../shared/spec/tagging.md).
All patterns are RE2's, so that time is linear in the length of a text, whatever it holds.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import messages

HEAD_CHARS = 1500
"""Of a text, are looked at first; the rest only if they hold little prose."""
ENOUGH_CHARS = 400
"""Of prose, are enough to know a language by."""
LITTLE_BYTES = 60

FENCES = ("```", "~~~")
FENCED = r"(?s)```.*?(?:```|\z)|~~~.*?(?:~~~|\z)"
"""A block of code, also one that was never closed."""

MATH = r"\$\$[^$]+\$\$|\$[^$\s][^$\n]*[\\^_{}][^$\n]*\$|\\[A-Za-z]+(?:\{[^{}\n]*\})*"
"""LaTeX: formulas, commands and what they hold."""

INLINE = (
    r"`[^`\n]{1,80}`",
    r"(?:https?|ftp|file)://[\x21\x23-\x3b\x3d\x3f-\x7e]+",
    r"www\.[\x21\x23-\x3b\x3d\x3f-\x7e]+",
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    r"</?[A-Za-z!][^<>\n]*>",
    r"&#?[A-Za-z0-9]+;",
    r"[A-Za-z0-9]+(?:_+[A-Za-z0-9]+)+",  # NAME_1, snake_case
    r"[A-Za-z0-9]+(?:[.:/\\]+[A-Za-z0-9]+){2,}",  # dotted.names.of, paths/of/files
    r"[A-Za-z0-9_.]+\(\)",
    r"\b[a-z]+[A-Z][A-Za-z0-9]*\b",  # camelCase
)
"""What stands in a line and is not prose; `_` and digits go with the signs."""

_CALL = r"[\w.$>:*&-]+\([^\n]*\)"
CODE_LINES = (
    # a statement's end; in Greek a semicolon ends a question
    r"[^\n\p{Greek}]*(?:[{}]|[=()\[\]<>+$&*\"][^\n\p{Greek}]*;)[ \t]*(?://[^\n]*)?",
    r"(?:else|try|do|finally|except\b[^\n]*|for +\w+(?:, *\w+)* +in +[^\n]*)[ \t]*:",
    r"(?:if|elif|for|while|switch|catch|with|unless|until)\b[^\n]*[=<>()\[\]][^\n]*[:{]",
    r"(?:if|for|while|switch|catch) ?\([^\n]*\)",
    (
        r"(?:async +)?(?:def|class|fn|func|function|struct|interface|enum|module|trait) +"
        r"[A-Za-z_]\w*[ \t]*(?:[({<:][^\n]*)?"
    ),
    (
        r"(?:import|using|require|include|package) +(?:static +|type +|namespace +)?"
        r"(?:\{[^{}\n]*\}|[\w.*:\"'/]+)(?:, *(?:\{[^{}\n]*\}|[\w.]+))*"
        r"(?: +(?:as|from) +[\w.\"'/@-]+)*"
    ),
    r"from +[\w.]+ +import [^\n]*",
    r"#(?:include|define|ifdef|ifndef|endif|pragma|!/)[^\n]*",
    r"(?://|/\*|\*/|<!--)[^\n]*",
    r"@[A-Za-z_.]+(?:\([^\n]*\))?",
    (
        r"(?:const|let|var|val|int|float|double|char|bool|boolean|string|String|auto|long) +"
        r"[A-Za-z_]\w*(?:\[\w*\])?[ \t]*[=;,(][^\n]*"
    ),
    r"(?:public|private|protected|static|final|void|template)\b[^\n]*[(;{=<][^\n]*",
    (
        r"(?:public|private|protected|internal|abstract|static) +(?:static|class|void|interface|"
        r"enum|abstract|final|async|override|int|string|bool)\b[^\n]*"
    ),
    r"[\w.$*&\[\]\"'-]+(?:, ?[\w.]+)*[ \t]*(?::[ \t]*\w+[ \t]*)?[-+*/|&:]?=[^\n]*",
    _CALL + r"[ \t]*[;{:,]?",
    r"(?:return|yield|throw|raise|print|echo|await|del|assert)\b[^\n]*[(\[=][^\n]*",
    (
        r"(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|FROM|WHERE|JOIN|LEFT JOIN|"
        r"RIGHT JOIN|INNER JOIN|GROUP BY|ORDER BY|HAVING|VALUES|SET|LIMIT|UNION)"
        r"(?: [^\n]*[=(),*._;a-z][^\n]*)?"
    ),
    (
        r"\w+ +(?:INT|INTEGER|BIGINT|SERIAL|VARCHAR|CHAR|TEXT|DATE|DATETIME|TIMESTAMP|DECIMAL|"
        r"NUMERIC|BOOLEAN|FLOAT)\b[^\n]*"
    ),
    r"(?:\$|>>>|\.\.\.|[\w.-]*@[\w.-]+:[^\n]*[$#]) [^\n]*",
    (
        r"(?:sudo|pip3?|npm|npx|yarn|git|docker|kubectl|apt|apt-get|brew|curl|wget|chmod|mkdir)"
        r" +[-a-z][^\n]*"
    ),
    r"[\"'][^\"'\n]*[\"'][ \t]*:[^\n]*",
    r"[\])}>,;]+[^\n]{0,3}",
)
"""A line of code outside of a fence."""

NEAR_CODE = (
    r"(?s:\"{3}.*?(?:\"{3}|\z)|/\*.*?(?:\*/|\z))",  # a comment of several lines
    r"(?m:^(?:\t| {2,})[ \t]*[^\s\d*•-][^\n]*$)",  # indented, and no item of a list
    r"(?m:^[ \t]*(?:#|--)[^\n]*$)",
    r"(?m:^(?:return|yield|break|continue|pass|end|begin|fi|done|esac|then|AND|OR|ON)\b[^\n]*$)",
    r"(?m:^[^\n]*[(\[,\\|][ \t]*$)",
    r"(?m:^(?:if|elif|while|unless|until|with|match|case)\b[^\n]*:[ \t]*$)",
    (
        r"(?mi:^[ \t]*\w+ +(?:int|integer|varchar|text|date|datetime|decimal|serial|boolean)"
        r"\b[^\n]*$)"
    ),
)
"""Lines that are code only if others of the text are."""
MARK = "\x01"
"""Stands for a line of code."""
LEAST_LINES = 3
"""Of a text make it one that holds code outside of fences."""

SIGNS = r"[^\pL\pM'\x{2019}]+"
"""What is neither a letter nor a mark that letters carry."""


def of(texts: pa.StringArray) -> pa.StringArray:
    """The prose of each text, lower case, words apart by one space; empty if there is none.

    Long texts are cut: where one speaks prose, some hundred letters tell its language.
    """
    texts = pc.fill_null(texts, "")
    long = np.flatnonzero(messages.lengths(texts) > HEAD_CHARS)
    heads = pc.utf8_slice_codeunits(texts.take(pa.array(long)), 0, HEAD_CHARS)
    found = _words(_put(texts, long, heads))
    few = long[messages.lengths(found.take(pa.array(long))) < LITTLE_BYTES]
    return _put(found, few, _words(texts.take(pa.array(few))))


def without_fences(texts: pa.StringArray, by: str = " ") -> pa.StringArray:
    """The texts with `by` for each fenced block."""
    return _where_held(texts, FENCES, FENCED, by)


def code_lines(texts: pa.StringArray) -> np.ndarray:
    """Lines of each text that look like code: shape (texts,) int64."""
    return pc.count_substring(_marked(texts), MARK).to_numpy().astype(np.int64)


def _words(texts: pa.StringArray) -> pa.StringArray:
    texts = _where_held(without_fences(texts), ("$", "\\"), MATH)
    texts = _without(_without_code(texts), "|".join(INLINE))
    texts = _without(texts, SIGNS)
    texts = pc.utf8_lower(pc.utf8_slice_codeunits(texts, 0, ENOUGH_CHARS))
    return pc.utf8_trim(texts, " ")


def _without_code(texts: pa.StringArray) -> pa.StringArray:
    """The texts without lines of code outside of fences."""
    texts = _marked(texts)
    near = np.flatnonzero(pc.count_substring(texts, MARK).to_numpy() >= LEAST_LINES)
    return _put(texts, near, _without(texts.take(pa.array(near)), "|".join(NEAR_CODE)))


def _marked(texts: pa.StringArray) -> pa.StringArray:
    """The texts with a mark for each line that looks like code."""
    texts = _where_held(texts, (MARK,), MARK)
    return _without(texts, rf"(?m)^[ \t]*(?:{'|'.join(CODE_LINES)})[ \t;]*$", MARK)


def _where_held(
    texts: pa.StringArray, signs: Sequence[str], pattern: str, by: str = " "
) -> pa.StringArray:
    """`_without` for the texts that hold any of the signs."""
    held = np.flatnonzero(messages.containing(texts, signs))
    return _put(texts, held, _without(texts.take(pa.array(held)), pattern, by))


def _without(texts: pa.StringArray, pattern: str, by: str = " ") -> pa.StringArray:
    """The texts with `by` for each match."""
    return pc.replace_substring_regex(texts, pattern, by)


def _put(texts: pa.StringArray, where: np.ndarray, others: pa.StringArray) -> pa.StringArray:
    """The texts with others in some places."""
    if not len(where):
        return texts
    mask = np.zeros(len(texts), bool)
    mask[where] = True
    return pc.replace_with_mask(texts, pa.array(mask), others)
