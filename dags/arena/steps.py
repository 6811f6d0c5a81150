"""Tasks that both DAGs have, and what they are all given: from a finished run to its release."""

import datetime as dt
import json
import os
from collections import Counter
from typing import Any

from airflow.sdk import (
    Asset,
    DeadlineAlert,
    DeadlineReference,
    Param,
    SyncCallback,
    get_current_context,
    task,
)
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from arena import alarms, outputs
from arena.approval import ApproveRelease
from arena.child import HUB, curate

RELEASE = Asset(name="arena_release", uri="x-arena://release/conversations")
"""What downstream DAGs wait on; its events say repository or folder, tag, commit and release."""
BUDGET = "llm_budget"
"""The pool of tasks that may ask a language model."""
BODY = """\
{% set offer = ti.xcom_pull(task_ids='compare') -%}
{% for line in offer['told'] %}- {{ line }}
{% endfor %}
Report, on the machine of the run: `{{ offer['output'] }}/run/report.html`
"""


def settings() -> dict[str, Any]:
    """What both DAGs say of retries, alarms and deadlines; callbacks and times of the deployment.

    A run fails for good at once where a retry cannot help; see `child.PASSING`.
    """
    hours = float(os.environ.get("ARENA_DEADLINE_HOURS", "48"))
    queued, late = DeadlineReference.DAGRUN_QUEUED_AT, SyncCallback(alarms.late)
    return {
        "catchup": False,
        "max_active_runs": 1,
        "on_failure_callback": alarms.failed,
        "deadline": DeadlineAlert(queued, dt.timedelta(hours=hours), late, name="released"),
        "default_args": {
            "retries": 5,
            "retry_delay": dt.timedelta(seconds=float(os.environ.get("ARENA_RETRY_S", "60"))),
            "retry_exponential_backoff": 2,
            "max_retry_delay": dt.timedelta(hours=1),
        },
    }


def params() -> dict[str, Param]:
    """What a person may choose for a run; defaults are the deployment's. No secret is one."""
    default = os.environ.get
    name = {"type": ["null", "string"], "pattern": r"^[\w.-]+/[\w.-]+$"}
    return {
        "releases": Param(
            default("ARENA_RELEASES", str(outputs.DEFAULT / "releases")),
            type="string",
            description="folder of output folders",
        ),
        "recipe": Param(default("ARENA_RECIPE", "release"), type="string"),
        "repo": Param(default("ARENA_REPO"), description="dataset on the Hub", **name),
        "review_repo": Param(default("ARENA_REVIEW_REPO"), description="to look at first", **name),
        "target": Param(default("ARENA_TARGET"), type=["null", "string"], description="a folder"),
        "create": Param(default=False, type="boolean", description="make repo if it is missing"),
        "most_leaks": Param(0, type="integer", minimum=0, description="hits that a person may see"),
        "dry_run": Param(default=False, type="boolean", description="end before the approval"),
    }


@task
def verify(output: str) -> dict[str, Any]:
    """The release keeps its contract; a run whose books do not balance has failed before."""
    verdict = json.loads(curate("verify", f"{output}/release", "--json"))
    rows = [f"{count:,} rows in {config}" for config, count in verdict["configs"].items()]
    return {"output": output, "told": [*rows, f"{verdict['rules']} rules of the contract kept"]}


@task
def leaks(checked: dict[str, Any]) -> dict[str, Any]:
    """An independent look for personal data; more hits than allowed stop the run."""
    output, found = checked["output"], Counter[str]()
    for line in curate("leaks", output, "--json", passes=(0, 1)).splitlines():
        hit = json.loads(line)
        found[hit["kind"]] += hit["count"]
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in found.items())
    told = f"{found.total():,} hits of the leak scan" + (f" ({kinds})" if kinds else "")
    if found.total() > get_current_context()["params"]["most_leaks"]:
        raise AirflowFailException(f"{told}: see `curate leaks {output}`")
    return {"output": output, "told": [*checked["told"], told]}


@task
def report(checked: dict[str, Any]) -> dict[str, Any]:
    """The private page that the reviewer reads; it stays in the run's folder."""
    curate("report", checked["output"])
    return checked


@task
def compare(checked: dict[str, Any]) -> dict[str, Any]:
    """What publishing would change; with a review repository, the release is put there first."""
    given, output = get_current_context()["params"], checked["output"]
    place = _place(given)
    offer = {"output": output, "digest": outputs.digest(output), "tag": outputs.tag(output, place)}
    ask = ["publish", output, "--tag", offer["tag"]]
    if given["review_repo"] and not given["dry_run"]:
        curate(*ask, "--review-repo", given["review_repo"], secrets=HUB)
    change = json.loads(curate(*ask, *_where(given), "--dry-run", "--json", secrets=HUB))
    files = {kind: len(change[kind]) for kind in ("add", "change", "delete")}
    told = "{add:,} files new, {change:,} changed, {delete:,} deleted".format(**files)
    return {**offer, "told": [f"{place} {offer['tag']}: {told}", *checked["told"]]}


def approve() -> ApproveRelease:
    """The gate; nobody's answer in three days is a failure, not a no."""
    return ApproveRelease(
        task_id="approve",
        subject="Publish {{ ti.xcom_pull(task_ids='compare')['tag'] }}?",
        body=BODY,
        response_timeout=dt.timedelta(days=3),
    )


@task
def publish(answer: dict[str, Any], **context: Any) -> dict[str, Any]:
    """Publish the release that was approved, and no other one."""
    offer, given = context["ti"].xcom_pull(task_ids="compare"), context["params"]
    output, where = offer["output"], _where(given)
    if outputs.digest(output) != offer["digest"]:
        raise AirflowFailException(f"{output} holds another release than the one approved")
    if given["review_repo"]:
        where += ["--review-repo", given["review_repo"], "--promote"]
    name = answer["responded_by_user"]["name"]
    asked = ["--tag", offer["tag"], "--approved-by", name, "--json"]
    told = curate("publish", output, *where, *asked, secrets=HUB)
    receipt: dict[str, Any] = json.loads(told.splitlines()[-1])
    outputs.remember(output, receipt)
    return receipt


@task
def erase(receipt: dict[str, Any], **context: Any) -> dict[str, Any]:
    """Take what was forgotten off the Hub for good: old shards, and the tags that lead to them."""
    offer, given = context["ti"].xcom_pull(task_ids="compare"), context["params"]
    for where in ("repo", "review_repo") if given["repo"] else ():
        if given[where]:
            option = "--" + where.replace("_", "-")
            asked = [option, given[where], "--tag", offer["tag"], "--take-down", "--json"]
            curate("publish", offer["output"], *asked, secrets=HUB)
    return receipt


@task(outlets=[RELEASE], inlets=[RELEASE])
def announce(receipt: dict[str, Any], **context: Any) -> None:
    """Tell downstream DAGs, once a release."""
    told = {name: receipt[name] for name in ("place", "tag", "oid", "release")}
    if any(event.extra == told for event in context["inlet_events"][RELEASE]):
        raise AirflowSkipException("announced before")
    context["outlet_events"][RELEASE].extra = told


def released(output: Any, *, erases: bool = False) -> None:
    """The way of a finished run to its readers: checks, a person's word, publication.

    Args:
        output: of the run.
        erases: then take older releases off the Hub that hold what this one has forgotten.
    """
    gate = approve()
    compare(report(leaks(verify(output)))) >> gate
    receipt = publish(gate.output)
    announce(erase(receipt) if erases else receipt)


def _place(given: Any) -> str:
    if bool(given["repo"]) == bool(given["target"]):
        raise AirflowFailException("give either `repo` or `target`: where to publish")
    return str(given["repo"] or given["target"])


def _where(given: Any) -> list[str]:
    place, create = _place(given), ["--create"] if given["create"] else []
    return ["--repo", place, *create] if given["repo"] else ["--target", place]
