import { createRec } from '#event';
import { defineMapping, defineSource, type LogReader, type Mapping, type Source } from '#source';

const mapping: Mapping = defineMapping({
  guide: [
    { from: 'EventTime', to: 'eventTime', sample: 1, about: 'Time.' },
    { from: 'DeviceModel', to: 'deviceVendor', otherwise: 'Vendor', sample: 'Vendor', about: 'Maker.' },
    { from: 'conn', to: 'sessionId', sample: 1, about: 'Connection.' },
    { from: 'base', to: 'requestContext', sample: 'dc=com', about: 'Base.' },
    { from: 'filter', to: 'searchFilter', sample: '(a=b)', about: 'Filter.' },
    { from: 'dn', to: 'distinguishedName', sample: 'dc=com', about: 'DN.' },
    { from: 'op', to: 'operationNumber', sample: 1, about: 'Operation.' },
    { from: 'etime', to: 'duration', sample: 1, about: 'Duration.' },
    { from: 'nentries', to: 'count', sample: 1, about: 'Count.' },
    { from: 'verb', to: 'eventSubType', as: (value: string) => value.toUpperCase(), sample: 'BIND', about: 'Verb.' },
  ],
  extended: [
    { from: 'raw', to: 'rawEvent', sample: 'x', about: 'Raw.' },
    { from: 'boundDn', to: 'boundDn', sample: 'dc=com', about: 'Bound.' },
    { from: 'attrs', to: 'requestedAttributes', sample: ['a'], about: 'Attributes.' },
    { from: 'internal', to: 'internalOperation', sample: true, about: 'Internal.' },
    { from: 'mech', to: 'saslMechanism', sample: 'GSSAPI', about: 'Mechanism.' },
    {
      from: 'method',
      to: 'saslMechanism',
      as: (value: string) => `of ${value}`,
      sample: 'a',
      about: 'Only without mech.',
    },
    {
      from: 'tag',
      to: 'resultTag',
      as: (value: number) => {
        if (value === 666) throw new Error('a bug');
        return value;
      },
      sample: 1,
      about: 'Tag.',
    },
  ],
  left: { details: 'says nothing new' },
  aliases: { target_dn: 'dn', bind_dn: ['dn', 'boundDn'], conn_id: 'conn', operation: 'verb' },
});

/** Categories of a source that has none; nothing in this room asks for them. */
export const noCategories: Source['categories'] = JSON.parse('{"version":"1"}');

/** A small source for tests: a line of its log is `OPEN <conn> <secret>`, and the secret is taken out. */
export function sampleSource(): Source {
  return defineSource({
    id: 'sample',
    vendor: 'Vendor',
    product: 'Product',
    deviceType: 'Application',
    mappingVersion: '7',
    mapping,
    categories: noCategories,
    guide: { title: 'Sample', overview: [], supportedVersions: [], supportedFormats: [], mappingNotes: [], gaps: [] },
    recognize: (bytes) =>
      /^OPEN |"native"/.test(bytes.toString()) ? { log: 'access', format: 'text', confidence: 1 } : undefined,
    rotation: () => undefined,
    createReader: () => new SampleReader(),
  });
}

class SampleReader implements LogReader {
  readonly position = 0;
  readonly counts = { lines: 0, bytes: 0, records: 0, deadLetters: 0, continuations: 0, glued: 0 };

  startFile(): void {}

  push(bytes: Buffer, sink: Parameters<LogReader['push']>[1]): void {
    for (const line of bytes.toString().split('\n')) {
      const native = /"native":(\d+)/.exec(line);
      const [, conn] = native ?? /^OPEN (\d+)/.exec(line) ?? [];
      if (conn === undefined) continue;
      sink.record(
        Object.assign(createRec(), {
          EventTime: 5,
          conn: Number(conn),
          verb: 'OPEN',
          session: 'reader',
          raw: native === null ? `OPEN ${conn} ***` : '{"native":***}',
          stream: 'reader',
          position: 99,
        }),
      );
    }
  }

  endFile(): void {}

  save(): { readonly version: number } {
    return { version: 1 };
  }

  restore(): void {}
}
