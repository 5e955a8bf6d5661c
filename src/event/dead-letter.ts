/** A record that could not be decoded or mapped; kept raw. */
export interface DeadLetter {
  readonly stream: string;
  readonly generation: number;
  readonly position: number;
  readonly log: string;
  readonly source: string;
  /** Stable word for why: `unreadable-line`, `broken-json`, `line-too-long`, … */
  readonly code: string;
  /** One sentence, without text of the record. */
  readonly reason: string;
  readonly raw: string;
}
