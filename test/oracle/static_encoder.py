"""Encode texts with a static encoder's folder: ids by the reference tokenizer, vectors by Model2Vec.

usage: static_encoder.py FOLDER TEXTS.json   (prints {"ids": [[..]], "vectors": [[..]]} as JSON)
"""
import json
import sys

from model2vec import StaticModel

folder, texts_path = sys.argv[1:]
with open(texts_path, encoding="utf-8") as file:
    texts = json.load(file)
model = StaticModel.from_pretrained(folder)
vectors = [model.encode(text) for text in texts]
sys.stdout.write(json.dumps({"ids": model.tokenize(texts), "vectors": [vector.tolist() for vector in vectors]}))
