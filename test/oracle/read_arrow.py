"""Read an Arrow IPC file with three other implementations.

usage: read_arrow.py FILE   (prints {"pyarrow"|"polars"|"duckdb": {"types": {..}, "rows": [..]}} as JSON)
"""
import json
import sys

import duckdb
import polars as pl
import pyarrow as pa

path = sys.argv[1]
arrow_table = pa.ipc.open_file(path).read_all()
frame = pl.read_ipc(path, memory_map=False)
relation = duckdb.sql("select * from arrow_table")
result = {
    "metadata": {key.decode(): value.decode() for key, value in (arrow_table.schema.metadata or {}).items()},
    "pyarrow": {
        "types": {field.name: str(field.type) for field in arrow_table.schema},
        "rows": arrow_table.to_pylist(),
    },
    "polars": {
        "types": {name: str(dtype) for name, dtype in frame.schema.items()},
        "rows": frame.to_dicts(),
    },
    "duckdb": {
        "types": dict(zip(relation.columns, map(str, relation.types))),
        "rows": [dict(zip(relation.columns, row)) for row in relation.fetchall()],
    },
}
sys.stdout.write(json.dumps(result))
