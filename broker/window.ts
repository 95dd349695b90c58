/** Lets so many tasks run at a time; the others wait, and start in the order in which they came. */
export class Window {
  #free: number;
  // A set, since taking the first of a long array costs as much as the array is long.
  readonly #waiting = new Set<() => void>();

  constructor(size: number) {
    this.#free = size;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((start) => this.#waiting.add(start));
    try {
      return await task();
    } finally {
      this.#leave();
    }
  }

  // The place goes to the one that waits longest, so that nobody who comes now gets in before.
  #leave(): void {
    for (const start of this.#waiting) {
      this.#waiting.delete(start);
      start();
      return;
    }
    this.#free += 1;
  }
}
