import type { ColumnType } from 'kysely';

/** A column the table fills when nothing is given. */
export type Optional<T> = ColumnType<T | null, T | null | undefined, T | null>;
