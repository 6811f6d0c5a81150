"""Engine files: each shipped one loads, a faulty one says all its faults before anything runs."""

import functools
import pickle
import traceback
from pathlib import Path

import msgspec
import pytest

from pipeline import discretion, engines, files, flow, recipe, states
from pipeline import job as jobs
from pipeline.errors import EngineError, IdentityError, OutputError, RecipeError
from pipeline.folders import Folders
from pipeline.job import Job
from schemas.manifest import Plan, Unit
from tests import runs

KINDS = {"plain": "plain", "local": "local", "flink": "portable", "spark": "portable"}


@pytest.mark.parametrize("name", engines.shipped())
def test_shipped_engines_load(name: str) -> None:
    """Every file of configs/engines/ is sound, and only engines elsewhere tell Beam anything."""
    options = engines.load(name)
    assert options.runner == KINDS.get(name, "dataflow")
    assert bool(options.arguments()) == options.is_elsewhere
    assert not [argument for argument in options.arguments() if "KEY" in argument.upper()]


def test_flink_is_told_what_the_file_says() -> None:
    """Parallelism, worker processes and the pool reach Beam by its own names."""
    told = engines.load("flink").arguments()
    assert {
        *("--runner=PortableRunner", "--parallelism=2", "--sdk_worker_parallelism=1"),
        *("--environment_type=EXTERNAL", "--environment_config=worker-pool:50000"),
        "--job_endpoint=localhost:8099",
    } <= {*told}


def test_a_faulty_engine_says_all_faults(tmp_path: Path) -> None:
    """Unknown options, wrong values and a missing image are one error with a line each."""
    path = tmp_path / "mine.yaml"
    path.write_text("runner: dask\nparallelism: 0\nworkers: 3\n")
    with pytest.raises(RecipeError, match="3 fault") as caught:
        engines.load(str(path))
    assert all(word in str(caught.value) for word in ("runner", "parallelism", "workers"))
    path.write_text("runner: portable\npackage: image\n")
    with pytest.raises(RecipeError, match="needs `image`"):
        engines.load(str(path))
    with pytest.raises(RecipeError, match="flink"):
        engines.load("flnk")


def test_a_cluster_refuses_paths_of_this_machine(tmp_path: Path) -> None:
    """Workers that do not share the disk get no local path; nothing has run by then."""
    logs = runs.sample(tmp_path / "logs", 20)
    with pytest.raises(OutputError, match="do not see this machine's disk"):
        runs.curate(logs, tmp_path / "out", engine="dataflow")
    assert not (tmp_path / "out" / "run" / "staged").exists()


def job(folder: Path) -> Job:
    """A job of two units whose plan is on disk."""
    units = [Unit(name, [], 1) for name in "ab"]
    made = recipe.load("release")
    plan = Plan("0", made.digest(), "release", None, [], units)
    folders = Folders(str(folder))
    files.write_record(folders.at("plan.json"), plan)
    return Job(folders, made, plan)


def test_dataflow_pipelines_can_be_built(tmp_path: Path) -> None:
    """The graph of every keyed stage is made by the options of Dataflow, and translates; dry.

    That is all that is shown: nothing was run on Dataflow.
    """
    options = engines.load("dataflow")
    there = flow.Flow(options.arguments(), options.attempts, options.worker_memory_mb)
    it = job(tmp_path)
    for stage in it.recipe.keyed:
        graph = there.built(functools.partial(there.judged, stage=stage, job=it))
        made = graph.to_runner_api().components.transforms.values()
        names = {transform.unique_name for transform in made}
        assert {"Descriptors", "Spread", "Scatter", "By key", "Home", "Settle"} <= names
    assert states.homes(it) == list(range(6))


def test_nothing_secret_is_in_a_graph(tmp_path: Path) -> None:
    """Neither the identity key nor the plan is in the graph that engines keep and log."""
    with runs.keyed():
        it = job(tmp_path)
        assert it.key()
        there = flow.Flow(engines.load("dataflow").arguments())
        graph = there.built(lambda start: there.judged(start, it.recipe.keyed[0], it))
        whole = graph.to_runner_api().SerializeToString()
    assert runs.KEY.encode() not in whole
    assert bytes.fromhex(runs.KEY) not in whole


def test_a_job_that_travels_reads_its_plan_there(tmp_path: Path) -> None:
    """A pickled job holds no plan; where that is not to be seen, or another, it is refused."""
    it = job(tmp_path)
    sent = pickle.dumps(it)
    assert len(sent) < len(pickle.dumps(it.recipe)) + 1000
    assert pickle.loads(sent) == it
    jobs._plan.cache_clear()
    other = msgspec.structs.replace(it.plan, version="1")
    files.write_record(it.folders.at("plan.json"), other)
    with pytest.raises(OutputError, match="no longer the plan"):
        pickle.loads(sent)
    files.remove(it.folders.at("plan.json"))
    with pytest.raises(OutputError, match="share the output"):
        pickle.loads(sent)


def test_a_worker_does_not_tell_texts() -> None:
    """What an engine logs of a fault is its kind and place; our own errors stay as they are."""
    text = chr(0x2603) * 3

    def fails(item: str) -> None:
        raise ValueError(item)

    with pytest.raises(EngineError, match=r"ValueError at test_engines\.py") as caught:
        discretion.guarded(text, 0, fails)
    told = "".join(traceback.format_exception(caught.value))
    assert text not in told

    def refuses(item: str) -> None:
        raise IdentityError(item)

    with pytest.raises(IdentityError):
        discretion.guarded("no key", 0, refuses)


def test_the_error_of_a_worker_is_found_in_a_report() -> None:
    """An engine reports a stack as text; the error of ours in it becomes that error again."""
    said = "pipeline.errors.IdentityError: no key [while running 'y']"
    report = RuntimeError(f"Pipeline x failed: Traceback ...\n{said}")
    found = discretion.understood(report)
    assert (type(found), str(found)) == (IdentityError, "no key")
    assert isinstance(discretion.understood(RuntimeError("a user's text")), EngineError)
    assert "text" not in str(discretion.understood(RuntimeError("a user's text")))
