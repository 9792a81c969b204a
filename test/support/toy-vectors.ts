/** Vectors of length 1 for texts like "x:0.8": direction x at the cosine given to the axis, else the axis itself. */
export function toyVectors(axes: readonly string[]): (tag: string) => Float32Array {
  return (tag) => {
    const [name, given = '1'] = tag.split(':');
    const vector = new Float32Array(axes.length + 1);
    const axis = axes.indexOf(name!);
    if (axis < 0) return vector; // says nothing
    const cosine = Number(given);
    vector[axis] = cosine;
    vector[axes.length] = Math.sqrt(1 - cosine * cosine);
    return vector;
  };
}
