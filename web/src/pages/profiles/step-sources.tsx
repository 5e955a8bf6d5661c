import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { CollectorFields } from './collector-fields.tsx';
import { newCollector, newSource } from './profile-draft.ts';
import { changeRow, type StepProps } from './profile-steps.ts';
import { SourceFields } from './source-fields.tsx';

const sourcesMax = 64;
const collectorsMax = 16;

/** Which logs are read, and what is taken from others. */
export function SourcesStep({ draft, onDraft, sources, problemOf, noticesOf }: StepProps): ReactNode {
  const [first] = sources;
  return (
    <>
      {draft.sources.length === 0 && <p className="muted">No log is read from files.</p>}
      {draft.sources.map((source, at) => (
        <SourceFields
          key={source.row}
          number={at + 1}
          source={source}
          sources={sources}
          problemOf={problemOf}
          noticesOf={noticesOf}
          onSource={(next) => onDraft({ sources: changeRow(draft.sources, source.row, next) })}
          onRemove={() => onDraft({ sources: draft.sources.filter((one) => one !== source) })}
        />
      ))}
      {first !== undefined && draft.sources.length < sourcesMax && (
        <div>
          <Button
            variant="default"
            size="xs"
            onClick={() => onDraft({ sources: [...draft.sources, newSource(first)] })}
          >
            Add a log source
          </Button>
        </div>
      )}
      <h3>Receive from others</h3>
      <p className="muted">
        Hosts that cannot run the agent send syslog or JSON lines to one that does. Leave it empty where nothing is to
        be received.
      </p>
      {draft.collectors.map((collector, at) => (
        <CollectorFields
          key={collector.row}
          number={at + 1}
          collector={collector}
          sources={sources}
          problemOf={problemOf}
          noticesOf={noticesOf}
          onCollector={(next) => onDraft({ collectors: changeRow(draft.collectors, collector.row, next) })}
          onRemove={() => onDraft({ collectors: draft.collectors.filter((one) => one !== collector) })}
        />
      ))}
      {draft.collectors.length < collectorsMax && (
        <div>
          <Button
            variant="default"
            size="xs"
            onClick={() => onDraft({ collectors: [...draft.collectors, newCollector(first)] })}
          >
            Add a port
          </Button>
        </div>
      )}
    </>
  );
}
