"""Encode texts with an ONNX encoder: mean of the token vectors, to length 1.

usage: encode_texts.py FOLDER TEXTS.json   (the layout of transformers.js; prints a list of vectors as JSON)
"""
import json
import os
import sys

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

folder, texts = sys.argv[1], json.load(open(sys.argv[2], encoding="utf-8"))
tokenizer = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
tokenizer.no_padding()
longest = json.load(open(os.path.join(folder, "tokenizer_config.json"), encoding="utf-8"))["model_max_length"]
tokenizer.enable_truncation(longest)
session = ort.InferenceSession(os.path.join(folder, "onnx", "model.onnx"), providers=["CPUExecutionProvider"])
wanted = {entry.name for entry in session.get_inputs()}
vectors = []
for text in texts:
    ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
    feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    hidden = session.run(["last_hidden_state"], {name: feed[name] for name in wanted})[0]
    mean = hidden[0].mean(axis=0)
    vectors.append((mean / np.linalg.norm(mean)).tolist())
sys.stdout.write(json.dumps(vectors))
