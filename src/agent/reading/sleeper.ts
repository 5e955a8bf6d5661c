/** Sleeps between rounds, until it is time or something wakes it; what wakes it while it is awake shortens its next sleep. */
export class Sleeper {
  #woken = false;
  #closed = false;
  #interrupt: (() => void) | undefined;

  wake(): void {
    if (this.#interrupt === undefined) this.#woken = true;
    else this.#interrupt();
  }

  /** From now on nothing keeps it asleep. */
  close(): void {
    this.#closed = true;
    this.wake();
  }

  /** True when it was woken. When it is not `wakeable`, only {@link close} ends its sleep early. */
  sleep(ms: number, wakeable: boolean): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (woken: boolean): void => {
        clearTimeout(timer);
        this.#interrupt = undefined;
        this.#woken = false;
        resolve(woken);
      };
      const timer = setTimeout(() => end(false), ms);
      this.#interrupt = () => {
        if (wakeable || this.#closed) end(true);
      };
      if (this.#woken) this.#interrupt();
    });
  }
}
