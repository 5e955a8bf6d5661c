/** A link somebody is to get, and who. */
export interface ShownLink {
  readonly name: string;
  readonly link: string;
}
