import { useEffect, useState } from 'preact/hooks';

/** A value that components can watch. Values are never changed in place, only replaced. */
export class Cell<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` after each change until the returned function is called. */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The cell's value; the component renders again when it changes. */
export function useCell<T>(cell: Cell<T>): T {
  const [, setTurn] = useState(0);
  useEffect(() => {
    const turn = () => setTurn((count) => count + 1);
    turn();
    return cell.watch(turn);
  }, [cell]);
  return cell.value;
}
