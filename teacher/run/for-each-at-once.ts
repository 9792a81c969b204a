/**
 * Run work for each value of a stream, at most `nAtOnce` at a time; the next value is taken only when there is room.
 *
 * Ends when all work has ended. The first error of the stream or of the work stops taking values, and is thrown
 * after what is under way has ended.
 *
 * @param signal no further value is taken once it fires; that is no error
 */
export async function forEachAtOnce<T>(
  values: AsyncIterable<T> | Iterable<T>,
  work: (value: T) => Promise<void>,
  { nAtOnce, signal }: { readonly nAtOnce: number; readonly signal: AbortSignal },
): Promise<void> {
  const errors: unknown[] = [];
  let nUnderWay = 0;
  let wake: () => void = () => undefined;
  const start = async (value: T): Promise<void> => {
    nUnderWay++;
    await work(value).catch((error: unknown) => errors.push(error));
    nUnderWay--;
    wake();
  };
  const untilAtMost = async (n: number): Promise<void> => {
    while (nUnderWay > n) await new Promise<void>((resolve) => (wake = resolve));
  };
  const isOver = (): boolean => signal.aborted || errors.length > 0;
  try {
    for await (const value of values) {
      if (isOver()) break;
      void start(value);
      await untilAtMost(nAtOnce - 1);
      if (isOver()) break;
    }
  } catch (error) {
    errors.push(error);
  }
  await untilAtMost(0);
  if (errors.length > 0) throw errors[0];
}
