"""Code blocks in Markdown fences: the same identifiers in four languages."""

from dataclasses import dataclass
from random import Random
from string import Template

VERBS = ("collect", "filter", "merge", "count", "rank", "group", "check", "parse", "split", "trim")
NOUNS = (
    *("orders", "invoices", "sensors", "tickets", "recipes", "trains", "letters", "players"),
    *("parcels", "readings", "members", "chapters", "routes", "scores", "visits", "coupons"),
)
FIELDS = ("price", "weight", "city", "status", "score", "duration", "owner", "level", "height")

TEMPLATES = {
    "Python": (
        """
def ${verb}_$noun($noun: list[dict], limit: int = $n) -> list[dict]:
    seen = set()
    result = []
    for item in $noun:
        key = (item["$field"], item.get("$other"))
        if key in seen or len(result) >= limit:
            continue
        seen.add(key)
        result.append(item)
    return sorted(result, key=lambda item: item["$field"])


print(${verb}_$noun([{"$field": $m, "$other": "a"}, {"$field": $n, "$other": "b"}]))
""",
        """
from collections import defaultdict


def ${verb}_$noun(rows):
    totals = defaultdict(int)
    for $field, $other in rows:
        totals[$field] += $other
    return {name: total for name, total in totals.items() if total > $n}


assert ${verb}_$noun([]) == {}
assert ${verb}_$noun([("x", $n), ("x", $m)]) == {"x": $n + $m}
""",
        """
class ${verb}_$noun:
    def __init__(self, path, size=$n):
        self.path = path
        self.size = size

    def __iter__(self):
        with open(self.path, encoding="utf-8") as file:
            for number, line in enumerate(file):
                if number % self.size == $m % self.size:
                    yield line.rstrip().split(";")
""",
    ),
    "SQL": (
        """
-- ${verb}_$noun
SELECT $field, COUNT(*) AS amount, AVG($other) AS mean_$other
FROM $noun
WHERE $other > $n
GROUP BY $field
HAVING COUNT(*) >= $m
ORDER BY amount DESC, $field;
""",
        """
CREATE VIEW ${verb}_$noun AS
WITH numbered AS (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY $field ORDER BY $other) AS position
    FROM $noun
)
SELECT id, $field, $other FROM numbered WHERE position <= $n;
""",
    ),
    "JSON": (
        """
{
  "${verb}_$noun": {
    "limit": $n,
    "fields": ["$field", "$other"],
    "$noun": [
      {"id": 1, "$field": $m, "$other": null},
      {"id": 2, "$field": $n, "$other": true}
    ]
  }
}
""",
    ),
    "JavaScript": (
        """
function ${verb}_$noun(items, limit = $n) {
  const groups = new Map();
  for (const { $field, $other } of items) {
    groups.set($field, (groups.get($field) ?? 0) + $other);
  }
  return [...groups].filter(([, total]) => total > $m).slice(0, limit);
}
""",
        """
const ${verb}_$noun = async (url) => {
  for (let attempt = 1; attempt <= $n; attempt += 1) {
    const answer = await fetch(`$${url}/$noun?$field=$m`);
    if (answer.ok) return answer.json();
  }
  throw new Error("no $noun after $n attempts");
};
""",
    ),
}
KINDS = tuple(TEMPLATES)


@dataclass(frozen=True)
class Listing:
    """What code a conversation is about; renders to a new block each time."""

    kind: str  # language of the code
    verb: str
    noun: str

    def render(self, rng: Random) -> str:
        """A fenced block that starts and ends without a line break."""
        field, other = rng.sample(FIELDS, 2)
        code = Template(rng.choice(TEMPLATES[self.kind])).substitute(
            verb=self.verb,
            noun=self.noun,
            field=field,
            other=other,
            n=rng.randrange(2, 90),
            m=rng.randrange(2, 900),
        )
        return f"```{self.kind.lower()}{code}```"


def draw(rng: Random) -> Listing:
    """Any listing."""
    return Listing(rng.choice(KINDS), rng.choice(VERBS), rng.choice(NOUNS))
