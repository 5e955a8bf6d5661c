import type { ClickHouseSettings } from '@clickhouse/client';
import { pageRowsMax } from './limits.ts';
import type { QueryLimits } from './store.ts';

/** Longest an insert, a change of a table or a backup may take, in seconds. */
export const writeSecondsMax = 600;

/** Settings of a connection that only reads. `readonly` stands last: after it nothing can be set any more. */
export function readingSettings(limits: QueryLimits): ClickHouseSettings {
  return {
    max_execution_time: limits.seconds,
    timeout_overflow_mode: 'throw',
    max_memory_usage: String(limits.memoryBytes),
    max_bytes_before_external_group_by: String(Math.floor(limits.memoryBytes / 2)),
    max_bytes_before_external_sort: String(Math.floor(limits.memoryBytes / 2)),
    max_result_rows: String(limits.rows),
    result_overflow_mode: 'throw',
    max_query_size: String(8 * 1024 ** 2),
    max_ast_elements: '500000',
    max_expanded_ast_elements: '500000',
    max_parser_depth: '20000',
    max_ast_depth: '20000',
    // Of the many columns of a page only its own rows are read, after sorting by the few that order it.
    query_plan_optimize_lazy_materialization: 1,
    query_plan_max_limit_for_lazy_materialization: String(pageRowsMax + 1),
    max_block_size: '16384',
    // Rows come back as columns of few types; the reader knows exactly these.
    low_cardinality_allow_in_native_format: 1,
    readonly: '1',
  };
}

/** Settings of a connection that writes: one block becomes one part per day, whole or not at all. */
export const writingSettings: ClickHouseSettings = {
  max_execution_time: writeSecondsMax,
  max_insert_threads: '1',
  max_threads: 1,
  // A log may tell of more days than the engine thinks wise; blocks are cut before it hurts.
  max_partitions_per_insert_block: '0',
  insert_deduplicate: 1,
  // The index of words is made when parts are merged, which writes it once, not again with each merge of a part of a part.
  exclude_materialize_skip_indexes_on_insert: 'rawWords',
  // On a cluster, too, an insert is answered when the shards have it.
  distributed_foreground_insert: 1,
  optimize_on_insert: 1,
  optimize_skip_merged_partitions: 1,
  mutations_sync: '0',
  // Otherwise a new retention waits until each part has been looked at.
  materialize_ttl_after_modify: 0,
};
