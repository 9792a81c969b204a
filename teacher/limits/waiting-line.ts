/** A place in a line. */
export interface Place<T> {
  readonly value: T;
  before: Place<T> | null;
  after: Place<T> | null;
  isInLine: boolean;
}

/** First come, first served; anyone may leave from the middle. Each step takes constant time. */
export class WaitingLine<T> {
  private first: Place<T> | null = null;
  private last: Place<T> | null = null;
  private n = 0;

  get length(): number {
    return this.n;
  }

  get head(): Place<T> | null {
    return this.first;
  }

  join(value: T): Place<T> {
    const place: Place<T> = { value, before: this.last, after: null, isInLine: true };
    if (this.last === null) this.first = place;
    else this.last.after = place;
    this.last = place;
    this.n++;
    return place;
  }

  /** Does nothing for who has left. */
  leave(place: Place<T>): void {
    if (!place.isInLine) return;
    place.isInLine = false;
    if (place.before === null) this.first = place.after;
    else place.before.after = place.after;
    if (place.after === null) this.last = place.before;
    else place.after.before = place.before;
    this.n--;
  }
}
