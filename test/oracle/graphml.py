"""Open a GraphML file with networkx.

usage: graphml.py FILE   (prints {"nodes": {id: data}, "edges": [[source, target, data]], "components": n} as JSON)
"""
import json
import sys

import networkx

graph = networkx.read_graphml(sys.argv[1])
joined = [part for part in networkx.weakly_connected_components(graph) if len(part) > 1]
sys.stdout.write(
    json.dumps(
        {
            "nodes": dict(graph.nodes(data=True)),
            "edges": [[source, target, data] for source, target, data in graph.edges(data=True)],
            "components": len(joined),
            "largest": max(map(len, joined), default=0),
            "reciprocity": networkx.reciprocity(graph),
        }
    )
)
