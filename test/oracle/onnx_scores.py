"""Run an exported student with Python's onnxruntime.

usage: onnx_scores.py MODEL FEEDS.json   (prints {output name: nested list} as JSON)
FEEDS.json: {input name: {"type": "int32", "dims": [..], "data": [..]}}
"""
import json
import sys

import numpy as np
import onnxruntime as ort

model, feeds_path = sys.argv[1:]
with open(feeds_path, encoding="utf-8") as file:
    feeds = {
        name: np.array(feed["data"], dtype=feed["type"]).reshape(feed["dims"])
        for name, feed in json.load(file).items()
    }
session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
names = [output.name for output in session.get_outputs()]
values = session.run(names, feeds)
sys.stdout.write(json.dumps({name: value.tolist() for name, value in zip(names, values)}))
