import { Button, NativeSelect, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { WordList } from '../../parts/word-list.tsx';
import type { DraftCollector } from './profile-draft.ts';
import type { StepProps } from './profile-steps.ts';
import { RowNotices } from './row-notices.tsx';
import { ZoneField } from './zone-field.tsx';

const kinds = [
  { value: 'syslog-tcp', label: 'Syslog over TCP' },
  { value: 'syslog-tls', label: 'Syslog over TLS' },
  { value: 'syslog-udp', label: 'Syslog over UDP (may lose)' },
  { value: 'json-tcp', label: 'JSON lines over TCP' },
];
const sendersMax = 256;

/** A port on which an agent takes logs of others. */
export function CollectorFields({
  number,
  collector,
  sources,
  onCollector,
  onRemove,
  problemOf,
  noticesOf,
}: Pick<StepProps, 'sources' | 'problemOf' | 'noticesOf'> & {
  readonly number: number;
  readonly collector: DraftCollector;
  readonly onCollector: (collector: DraftCollector) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const { row } = collector;
  const known = sources.find(({ id }) => id === collector.source);
  const logs = known?.logs.map(({ name }) => name) ?? [];
  return (
    <section className="part" aria-label={`Port ${number}`}>
      <div className="part-head">
        <NativeSelect
          label="What comes in"
          data={kinds}
          value={collector.kind}
          onChange={(event) => {
            const kind = kinds.find(({ value }) => value === event.currentTarget.value)?.value;
            if (kind === 'syslog-tcp' || kind === 'syslog-tls' || kind === 'syslog-udp' || kind === 'json-tcp') {
              onCollector({ ...collector, kind });
            }
          }}
        />
        <Button variant="default" size="xs" aria-label={`Remove port ${number}`} onClick={onRemove}>
          Remove
        </Button>
      </div>
      <RowNotices notices={noticesOf(row)} />
      <div className="pair">
        <TextInput
          label="Address and port"
          description="The host’s agent.yaml must allow it."
          className="mono-input"
          autoComplete="off"
          spellCheck={false}
          value={collector.listen}
          error={problemOf(`listen ${row}`)}
          onChange={(event) => onCollector({ ...collector, listen: event.currentTarget.value.trim() })}
        />
        <ZoneField
          description="Of times that name none."
          value={collector.zone}
          error={problemOf(`zone ${row}`)}
          onZone={(zone) => onCollector({ ...collector, zone })}
        />
      </div>
      <div className="pair">
        <NativeSelect
          label="Data source"
          data={[
            ...sources.map(({ id, product }) => ({ value: id, label: product })),
            ...(known === undefined ? [{ value: collector.source, label: collector.source }] : []),
          ]}
          value={collector.source}
          onChange={(event) => {
            const next = sources.find(({ id }) => id === event.currentTarget.value);
            const [first] = next?.logs ?? [];
            onCollector({ ...collector, source: event.currentTarget.value, log: first?.name ?? '' });
          }}
        />
        <NativeSelect
          label="Log"
          data={logs.includes(collector.log) ? logs : [...logs, collector.log]}
          value={collector.log}
          onChange={(event) => onCollector({ ...collector, log: event.currentTarget.value })}
        />
      </div>
      <WordList
        label="Senders"
        description="Networks that are listened to, such as 192.0.2.0/24. None: everybody."
        words={collector.senders}
        form={/^[0-9A-Fa-f.:]{2,45}(?:\/\d{1,3})?$/}
        wrong="Write a network, such as 192.0.2.0/24."
        max={sendersMax}
        error={problemOf(`senders ${row}`)}
        onWords={(senders) => onCollector({ ...collector, senders: [...senders] })}
      />
    </section>
  );
}
