interface Group<T> {
  readonly members: Set<T>;
  readonly stopListening: () => void;
}

/** Who is to be told when a signal is aborted: one listener a signal, however many wait by it. */
export class AbortGroups<T> {
  private readonly groups = new Map<AbortSignal, Group<T>>();

  constructor(private readonly onAbort: (member: T, signal: AbortSignal) => void) {}

  add(signal: AbortSignal, member: T): void {
    let group = this.groups.get(signal);
    if (group === undefined) {
      group = this.listen(signal);
      this.groups.set(signal, group);
    }
    group.members.add(member);
  }

  remove(signal: AbortSignal, member: T): void {
    const group = this.groups.get(signal);
    if (group === undefined) return;
    group.members.delete(member);
    if (group.members.size > 0) return;
    group.stopListening();
    this.groups.delete(signal);
  }

  private listen(signal: AbortSignal): Group<T> {
    const members = new Set<T>();
    const listener = (): void => {
      this.groups.delete(signal);
      for (const member of members) this.onAbort(member, signal);
    };
    signal.addEventListener('abort', listener, { once: true });
    const stopListening = (): void => {
      signal.removeEventListener('abort', listener);
    };
    return { members, stopListening };
  }
}
