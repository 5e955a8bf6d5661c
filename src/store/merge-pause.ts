import type { Engine } from './engine.ts';
import { quoteText } from './engine.ts';
import { mergePauseBlocks, mergePausePartsMax } from './limits.ts';
import { numberOf, type Reading } from './reading.ts';

/**
 * Keeps the embedded engine from merging while much is written: a process that only reads a log in would spend half its
 * time on merges that a later one does beside its work. Merging goes on once so many parts lie there that questions
 * would notice. The pause ends with the process; it is never written down.
 */
export class MergePause {
  readonly #engine: Engine;
  readonly #reading: Reading;
  #blocks = 0;
  #over = false;

  private constructor(engine: Engine, reading: Reading) {
    this.#engine = engine;
    this.#reading = reading;
  }

  /** Stops merging of events, unless many parts wait already. */
  static async begin(engine: Engine, reading: Reading): Promise<MergePause> {
    const pause = new MergePause(engine, reading);
    await engine.control.command({ query: `SYSTEM STOP MERGES ${engine.database}.events` });
    await pause.#look();
    return pause;
  }

  /** To be told of each block that was written. */
  async wrote(): Promise<void> {
    this.#blocks += 1;
    if (!this.#over && this.#blocks % mergePauseBlocks === 0) await this.#look();
  }

  async #look(): Promise<void> {
    const { database, control } = this.#engine;
    const [row] = await this.#reading.rows({
      sql: `SELECT max(parts) AS most FROM (SELECT count() AS parts FROM system.parts WHERE active AND database = ${quoteText(database)} AND table = 'events' GROUP BY partition)`,
      doing: 'count the parts of a day',
    });
    if (numberOf(row?.['most']) < mergePausePartsMax) return;
    this.#over = true;
    await control.command({ query: `SYSTEM START MERGES ${database}.events` });
  }
}
