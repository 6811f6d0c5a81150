"""What a release promises, and whether a release keeps it.

rule        a rule: its name, what it says, its check
manifests   rules on the manifest and the list of files
footers     rules on one Parquet file, by its footer
values      rules on the values of one column
agreement   rules on columns that speak of the same thing
signature   the signature of the manifest, by OpenSSH
repetition  ids that come twice; rows that `metadata` and `sample` repeat
verifying   one pass over a release folder: `verify(folder) -> Verdict`
"""

from pipeline.contract.verifying import verify as verify
