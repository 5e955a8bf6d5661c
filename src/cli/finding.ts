/** What a look at one thing gave. */
export interface Finding {
  readonly state: 'good' | 'note' | 'bad';
  readonly text: string;
  /** What to do. */
  readonly hint?: string;
}
