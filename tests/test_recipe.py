"""A wrong recipe fails before anything runs, and says all that is wrong with it."""

import contextlib
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline import recipe
from pipeline.errors import RecipeError
from pipeline.recipe import Recipe
from pipeline.stages import STAGES

EMBARGO = {"drop_models": {"names": ["secret-1"]}}
RENAMES = [{"old": "secret", "new": "secret-1"}]

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.dates()
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
options = st.sampled_from(
    sorted({field for stage in STAGES.values() for field in stage.__dataclass_fields__})
)
steps = st.one_of(
    anything,
    st.dictionaries(
        st.sampled_from(sorted(STAGES)), anything | st.dictionaries(options, anything), max_size=2
    ),
)
sections = st.sampled_from(("limits", "identity", "release", "damaged_files", "stage", 3))


def built(*stages: Any, **others: Any) -> Recipe:
    """A recipe with these stages and sections."""
    return recipe.build({"stages": list(stages), **others})


def faults(content: Any) -> list[str]:
    """The lines of the error, its heading aside."""
    with pytest.raises(RecipeError) as error:
        recipe.build(content)
    return str(error.value).splitlines()[1:]


def names(stages: Any) -> list[str]:
    """How stages are called."""
    return [stage.name for stage in stages]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ({}, "stages: missing; expected a list of stages"),
        ({"stages": "all"}, "stages: expected a list, found 'all'"),
        ({"stages": [], "stagse": 1}, "stagse: no such section; did you mean 'stages'?"),
        ({"stages": ["drop_model"]}, "stages[1]: no stage 'drop_model'; did you mean 'drop_mo"),
        ({"stages": [{"a": 1, "b": 2}]}, "stages[1]: expected `name: {options}`, found {'a': 1"),
        ({"stages": [{"drop_empty": 3}]}, "drop_empty: expected options, found 3"),
        ({"stages": [{"drop_empty": {"x": 1}}]}, "drop_empty.x: no such option; there are: none"),
        ({"stages": [{"cap_user": {"mots": 1}}]}, "cap_user.mots: no such option; did you mean 'm"),
        ({"stages": [{"cap_user": {"most": 0}}]}, "cap_user.most: found 0; expected `int` >= 1"),
        ({"stages": [{"cap_user": {"most": "9"}}]}, "cap_user.most: found '9'; expected `int`"),
        ({"stages": [{"cap_user": {"most": True}}]}, "cap_user.most: found True; expected `int`"),
        ({"stages": [{"cap_user": {"per": "year"}}]}, "cap_user.per: found 'year'; expected one "),
        ({"stages": [{"drop_errors": {"markers": ["x"]}}]}, "drop_errors.markers: found ['x']; "),
        ({"stages": [{"drop_models": {"names": "no.yaml"}}]}, "drop_models.names: cannot read the"),
        ({"stages": [{"drop_outside_dates": {"since": "June"}}]}, "drop_outside_dates: "),
        ({"stages": [], "release": {"interval": "year"}}, "release.interval: found 'year'; expect"),
        ({"stages": [], "release": {"row_group_mb": 300}}, "release.row_group_mb: found 300; exp"),
        ({"stages": [], "limits": {"max_depth": 1.5}}, "limits.max_depth: found 1.5; expected `in"),
        ({"stages": [], "damaged_files": "skip"}, "damaged_files: found 'skip'; expected one of s"),
        ({"stages": [], "identity": None}, "identity: expected options, found None"),
        ({"stages": ["drop_empty", "drop_empty"]}, "drop_empty: stands twice; give it once"),
        ({"stages": ["drop_duplicates", "drop_empty"]}, "drop_empty: drops rows after drop_dupl"),
    ],
)
def test_a_fault_is_named(content: Any, fault: str) -> None:
    """The line has the key, what was found there, and what was expected or meant."""
    (found,) = faults(content)

    assert found.startswith(fault)


def test_all_faults_at_once() -> None:
    """Nobody has to run a recipe five times to learn of five faults."""
    stages = [
        {"cap_user": {"most": 0, "per": "year"}},
        "drop_everything",
        {"drop_models": {"n": 1}},
    ]
    found = faults({"stages": stages, "limits": {"max_depth": "deep"}, "engine": "fast"})

    wanted = ["cap_user.most", "cap_user.per", "stages[2]", "drop_models.n"]
    assert [line.split(":")[0] for line in found] == [*wanted, "limits.max_depth", "engine"]


@pytest.mark.parametrize("content", [None, [], "stages", 3])
def test_a_recipe_is_a_mapping(content: Any) -> None:
    """Anything else is refused in one line."""
    with pytest.raises(RecipeError, match="recipe: expected a mapping with `stages`, found"):
        recipe.build(content)


@example(content={"stages": [{"drop_models": {"names": "a\0b"}}]})
@given(
    content=anything
    | st.fixed_dictionaries({"stages": st.lists(steps, max_size=3)})
    | st.dictionaries(sections, anything | st.dictionaries(options, anything))
)
def test_any_content_is_a_recipe_or_a_recipe_error(content: Any) -> None:
    """Whatever a YAML file holds, no other error comes of it."""
    with contextlib.suppress(RecipeError):
        recipe.build(content)


def test_a_row_that_won_must_not_be_dropped() -> None:
    """Behind a stage that judges copies nothing drops rows of its table, but tags are fine."""
    votes_first = built("drop_repeated_votes", "drop_empty", "drop_duplicates", "tag_feedback")

    assert len(votes_first.stages) == 4
    assert faults({"stages": ["drop_repeated_votes", "drop_models"]})
    assert faults({"stages": ["drop_duplicates", "cap_user"]})


def test_options_reach_the_stage() -> None:
    """What is not given has its default; lists become tuples, and dates may be YAML dates."""
    made = built({"drop_errors": {"roles": ["user"]}}, {"drop_outside_dates": {"since": DAY}})

    assert made.stages[0].roles == ("user",)  # type: ignore[attr-defined]
    assert made.stages[0].ignore_case is False  # type: ignore[attr-defined]
    assert made.stages[1].since == "2023-06-26"  # type: ignore[attr-defined]


DAY = dt.date(2023, 6, 26)


def test_a_table_may_stand_in_a_file(tmp_path: Path) -> None:
    """The name of a YAML file beside the recipe stands for what is in it."""
    (tmp_path / "table.yaml").write_text("- {old: secret, new: secret-1}\n")
    content = {"stages": [{"fix_model_names": {"renames": "table.yaml"}}]}
    inline = built({"fix_model_names": {"renames": RENAMES}})

    assert recipe.build(content, tmp_path) == inline
    assert recipe.build(content, tmp_path).digest() == inline.digest()


@pytest.mark.parametrize("table", [b"\xff\xfe", b"[", b"", b"3"])
def test_a_table_that_is_none(table: bytes, tmp_path: Path) -> None:
    """A file that is no text, no YAML or no table is a fault of the option."""
    (tmp_path / "table.yaml").write_bytes(table)
    with pytest.raises(RecipeError, match=r"fix_model_names\.renames"):
        recipe.build({"stages": [{"fix_model_names": {"renames": "table.yaml"}}]}, tmp_path)


def test_digests() -> None:
    """A digest is of the options as used: written out or not, but each of them."""
    plain = built("cap_user").digest()

    assert built({"cap_user": {"most": 100}}).digest() == plain
    assert built({"cap_user": {"most": 99}}).digest() != plain
    assert built("cap_user", release={"interval": "day"}).digest() != plain
    assert built("cap_user", limits={"max_depth": 9}).digest() != plain
    assert built("cap_user", identity="none").digest() != plain
    assert built("cap_user", damaged_files="quarantine").digest() != plain
    assert built("cap_user", identity={"file": "elsewhere"}).digest() == plain


def test_what_is_asked_for() -> None:
    """Optional columns come from the release section; without identity there is no user id."""
    everything = {"user_id": True, "generation": True}

    assert built(release={"timestamp": "none"}).asked == set()
    assert built(release=everything).asked == {"timestamp", "user_id", "generation"}
    assert built(release=everything, identity="none").asked == {"timestamp", "generation"}
    assert "variants" in built({"drop_superseded": {"keep": "all"}}).asked


def test_phases() -> None:
    """What drops, or precedes a keyed stage, runs early; what only edits survivors runs late."""
    made = built("drop_empty", "drop_superseded", "fix_model_names")

    assert names(made.early) == ["drop_empty"]
    assert names(made.keyed) == ["drop_superseded"]
    assert names(made.late) == ["fix_model_names"]


@pytest.mark.parametrize("first", [[], ["drop_superseded"]])
def test_phases_keep_the_order_of_batch_stages(first: list[str]) -> None:
    """A model under embargo by its public name is dropped under its serving name, too."""
    made = built(*first, {"fix_model_names": {"renames": RENAMES}}, EMBARGO)

    assert names([*made.early, *made.late]) == ["fix_model_names", "drop_models"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, "cannot read"), (b"\xff\xfe", "cannot read"), (b"a: [", "is not YAML"), (b"", "found")],
)
def test_files_that_are_no_recipe(content: bytes | None, problem: str, tmp_path: Path) -> None:
    """A file that is missing, no text or no YAML is one clear error."""
    path = tmp_path / "mine.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RecipeError, match=problem):
        recipe.load(str(path))


def test_shipped_recipes_have_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shipped recipe is found by its name anywhere, even beside a folder of that name."""
    (tmp_path / "release").mkdir()
    monkeypatch.chdir(tmp_path)

    assert "release" in recipe.shipped()
    assert "models" not in recipe.shipped()
    with pytest.raises(RecipeError, match="no recipe 'relaese': give a file, or one of fastchat"):
        recipe.load("relaese")
    assert recipe.load("release").stages
