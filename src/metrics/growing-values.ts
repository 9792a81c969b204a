/** Collects per-item values of unknown number in 4 bytes each; memory grows by doubling. */
export class GrowingValues {
  private values = new Float32Array(256);
  private length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Float32Array(this.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  /** Copy what was collected, shape [number of pushes]. */
  toArray(): Float32Array {
    return this.values.slice(0, this.length);
  }
}
