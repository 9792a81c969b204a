/** Write a value as it may stand in a message: short, on one line. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  // A nested value is not written out whole: it may be megabytes, or deeper than the stack.
  const text = JSON.stringify(value, (key, inner: unknown) =>
    key !== '' && typeof inner === 'object' && inner !== null ? '...' : inner,
  );
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
