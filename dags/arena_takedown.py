"""Take-down: the newest release without some conversations, users or texts, once a person agrees.

It is given ids and keyed handles as they stand in a release, never an address or a text: what is
given to a run is kept in Airflow's database, and shown. Once the new release is out, old shards and
tags that hold what it has forgotten are erased from the Hub; in a folder (`target`) they stay.
"""

from airflow.sdk import DAG, Param, get_current_context, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException
from arena import outputs, steps
from arena.child import JUDGE, KEY, curate

ID = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
PARAMS = {
    "conversation_ids": Param([], type="array", items=ID, description="as released"),
    "user_handles": Param([], type="array", items=ID, description="as in the column user_id"),
    "text_hashes": Param(
        [],
        type="array",
        items={"type": "string", "pattern": "^[0-9a-f]{64}$"},
        description="SHA-256 of messages",
    ),
}
OPTIONS = {
    "conversation_ids": "--conversation-id",
    "user_handles": "--user-handle",
    "text_hashes": "--text-hash",
}


@task
def find_release() -> str:
    """The newest output; what was begun must have come to its end, lest it take over what goes.

    Raises:
        AirflowException: a weekly run is under way; it will be over.
        AirflowFailException: there is no release, or nothing is asked for.
    """
    given = get_current_context()["params"]
    if not any(given[name] for name in OPTIONS):
        raise AirflowFailException("nothing is asked for")
    if begun := outputs.unfinished(given["releases"]):
        raise AirflowException(f"not finished: {', '.join(begun)}")
    if (found := outputs.newest(given["releases"])) is None:
        raise AirflowFailException(f"no release in {given['releases']}")
    return found


@task(pool=steps.BUDGET)
def forget(output: str) -> str:
    """Make that output anew without them, in its place; later releases leave them out too."""
    given = get_current_context()["params"]
    asked = [
        word for name, option in OPTIONS.items() if given[name] for word in (option, *given[name])
    ]
    curate("forget", given["recipe"], output, *asked, secrets=(*KEY, *JUDGE))
    return output


with DAG(
    "arena_takedown",
    schedule=None,
    params={**steps.params(), **PARAMS},
    doc_md=__doc__,
    tags=["arena"],
    **steps.settings(),
):
    steps.released(forget(find_release()), erases=True)
