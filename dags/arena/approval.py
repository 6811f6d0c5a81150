"""The gate before publication: a person's word, on the web page, by the API, or in a file."""

from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from arena import outputs


class ApproveRelease(ApprovalOperator):
    """Waits for a person, who sees in `body` what would be published.

    Nobody is asked if this very release is signed off already, by an earlier approval or by
    `curate publish OUT --approved-by NAME`; nor in a dry run, which ends here.
    """

    def execute(self, context: Any) -> Any:
        """Wait, unless there is nothing to ask.

        Raises:
            AirflowSkipException: it is a dry run.
        """
        offer = context["ti"].xcom_pull(task_ids="compare")
        if context["params"]["dry_run"]:
            raise AirflowSkipException("a dry run: nothing is published")
        if name := outputs.signed(offer["output"]):
            self.log.info("%s signed this release off", name)
            return {"chosen_options": [self.APPROVE], "responded_by_user": {"name": name}}
        return super().execute(context)

    def process_trigger_event_error(self, event: dict[str, Any]) -> None:
        """Nobody answered: that is a failure, and not asked again.

        Other errors are. A retry also asks anew where Airflow 3.3 fails a task because the answer
        came before the scheduler knew that it waits (seconds, on a machine under load).
        """
        if event["error_type"] == "timeout":
            raise AirflowFailException("nobody answered in time")
        super().process_trigger_event_error(event)
