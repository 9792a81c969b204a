const NEWLINE = 10;

/** Counts the line breaks of a stream of bytes up to places that only grow; memory holds those still to come. */
export class LineCounter {
  private nBytes = 0;
  private nPassed = 0;
  private ahead: number[] = [];

  /** Take the next bytes of the stream. */
  feed(chunk: Uint8Array): void {
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1))
      this.ahead.push(this.nBytes + at);
    this.nBytes += chunk.length;
  }

  /** Give the 1-based line of the byte at this offset; a line break belongs to the line that it ends. */
  lineOf(offset: number): number {
    const rest = this.ahead.findIndex((at) => at >= offset);
    const nMore = rest < 0 ? this.ahead.length : rest;
    this.nPassed += nMore;
    this.ahead.splice(0, nMore);
    return this.nPassed + 1;
  }
}
