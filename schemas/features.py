"""What `datasets` is told of the columns: the key `huggingface` of a Parquet file.

Lists are written as plain lists, which every version reads: `List` came with datasets 4, and
`Sequence` turns a list of structs inside out.
"""

import json
from typing import Any

import pyarrow as pa

KEY = b"huggingface"


def described(schema: pa.Schema) -> pa.Schema:
    """The schema with the features of all its columns in its metadata."""
    told = {"info": {"features": {field.name: feature(field.type) for field in schema}}}
    return schema.with_metadata({KEY: json.dumps(told).encode()})


def feature(kind: pa.DataType) -> Any:
    """An Arrow type as the JSON that `Features.from_dict` reads."""
    if pa.types.is_struct(kind):
        return {field.name: feature(field.type) for field in kind}
    if pa.types.is_list(kind):
        return [feature(kind.value_type)]
    return {"dtype": "float64" if kind == pa.float64() else str(kind), "_type": "Value"}
