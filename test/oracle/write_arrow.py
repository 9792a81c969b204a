"""Write the same two items with other implementations and encodings.

usage: write_arrow.py FOLDER   (makes plain.arrow, large.arrow, dictionary.arrow, polars.arrow, zstd.arrow, items.parquet,
and vectors.arrow, vectors-list.arrow, vectors-polars.arrow with an embedding)
"""
import os
import sys

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

folder = sys.argv[1]
rows = {
    "item_id": ["1", "书"],
    "text": ["a plain text", "历史老师 🧑‍🏫"],
    "group": [None, "g"],
    "split": ["train", "test"],
    "fields": [None, "{}"],
}


def write(name, table, compression=None):
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.ipc.new_file(os.path.join(folder, name), table.schema, options=options) as writer:
        writer.write_table(table)


plain = pa.table(rows)
write("plain.arrow", plain)
write("large.arrow", plain.cast(pa.schema([(name, pa.large_string()) for name in rows])))
write("dictionary.arrow", pa.table({name: pa.array(values).dictionary_encode() for name, values in rows.items()}))
write("zstd.arrow", plain, "zstd")
pl.DataFrame(rows).write_ipc(os.path.join(folder, "polars.arrow"), compat_level=pl.CompatLevel.oldest())
vectors = [[0.5, -1.0], None]
fixed = pa.array(vectors, pa.list_(pa.float32(), 2))
write("vectors.arrow", plain.append_column("embedding", fixed))
write("vectors-list.arrow", plain.append_column("embedding", pa.array(vectors, pa.list_(pa.float64()))))
pl.DataFrame(rows).with_columns(pl.Series("embedding", vectors, pl.Array(pl.Float32, 2))).write_ipc(
    os.path.join(folder, "vectors-polars.arrow"), compat_level=pl.CompatLevel.oldest()
)
labels = pa.table(
    {
        "id": ["1", "书"],
        "text": ["a plain text", "历史老师 🧑‍🏫"],
        "tags": pa.array([["a", "b"], []], pa.list_(pa.string())),
        "user_tags": pa.array(
            [[{"tag": "reader", "strength": 0.5}], []],
            pa.list_(pa.struct([("tag", pa.string()), ("strength", pa.float64())])),
        ),
        "year": pa.array([1999, None], pa.int64()),
    }
)
pq.write_table(labels, os.path.join(folder, "items.parquet"), compression="zstd")
write("labels.arrow", labels)
