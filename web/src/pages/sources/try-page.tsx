import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { getLetter } from '../../api/dead-letters.ts';
import { type Parsed, parseLines } from '../../api/sources.ts';
import { countOf } from '../../parts/format.ts';
import { InertText } from '../../parts/inert-text.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { Empty, Failure } from '../../parts/states.tsx';
import { ParsedRecordView } from './parsed-record.tsx';
import './sources.css';

const sample = [
  '[24/Nov/2026:10:00:00.120000000 +0000] conn=7 fd=64 slot=64 SSL connection from 198.51.100.7 to 192.0.2.5',
  '[24/Nov/2026:10:00:00.121000000 +0000] conn=7 TLS1.3 128-bit AES-GCM',
  '[24/Nov/2026:10:00:00.122000000 +0000] conn=7 op=0 BIND dn="uid=anna,ou=people,dc=example,dc=com" method=128 version=3',
  '[24/Nov/2026:10:00:00.124000000 +0000] conn=7 op=0 RESULT err=49 tag=97 nentries=0 wtime=0.000100000 optime=0.001900000 etime=0.002000000',
].join('\n');
const lengthMax = 262_144;

/** Paste a line: see it decoded, correlated, mapped row by row, enriched and categorized. Nothing is stored. */
export function TryPage(): ReactNode {
  const { letter } = useSearch({ from: '/try' });
  const { zone } = usePreferences();
  const [text, setText] = useState('');
  const parse = useMutation({ mutationFn: (lines: string) => parseLines({ text: lines, zone }) });
  const whole = useQuery({
    queryKey: ['letter', letter],
    queryFn: ({ signal }) => getLetter(letter ?? '', signal),
    enabled: letter !== undefined,
  });
  const raw = whole.data?.raw;
  const { mutate } = parse;
  useEffect(() => {
    if (raw === undefined) return;
    setText(raw);
    mutate(raw);
  }, [raw, mutate]);

  function submit(event: FormEvent): void {
    event.preventDefault();
    parse.mutate(text);
  }

  return (
    <div className="page">
      <div className="page-head">
        <h1>Try a log line</h1>
      </div>
      <p className="page-lead">
        Paste lines of a log: see each decoded, joined with its connection, mapped row by row, enriched and categorized.
        Nothing is stored. Earlier lines of a connection make later ones richer.
      </p>
      <form onSubmit={submit} className="try-form">
        <label className="field">
          Log lines
          <textarea
            rows={8}
            spellCheck={false}
            maxLength={lengthMax}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey) && text.trim() !== '') parse.mutate(text);
            }}
          />
        </label>
        <div className="page-head">
          <Button type="submit" loading={parse.isPending} disabled={text.trim() === ''}>
            Show what becomes of it
          </Button>
          <Button
            type="button"
            variant="default"
            onClick={() => {
              setText(sample);
              parse.mutate(sample);
            }}
          >
            Use a sample
          </Button>
        </div>
      </form>
      {whole.error !== null && <Failure error={whole.error} what="The dead letter cannot be fetched" />}
      <div aria-live="polite">
        {parse.error !== null ? (
          <Failure error={parse.error} what="The lines cannot be read" retry={() => parse.mutate(text)} />
        ) : parse.data === undefined ? null : (
          <ParsedView parsed={parse.data} />
        )}
      </div>
    </div>
  );
}

function ParsedView({ parsed }: { readonly parsed: Parsed }): ReactNode {
  const { source, log, format, records, unread, counts, left } = parsed;
  return (
    <div className="parsed">
      <p>
        Recognized as the {log} log of <code>{source}</code>
        {format !== undefined && `, ${format}`}. {countOf(counts['lines'] ?? 0, 'line')} ={' '}
        {countOf(counts['records'] ?? 0, 'record')} + {countOf(counts['deadLetters'] ?? 0, 'dead letter')} +{' '}
        {countOf(counts['continuations'] ?? 0, 'continuation line')}
        {(counts['glued'] ?? 0) > 0 && ` (${counts['glued']} records began in the middle of a line)`}.
      </p>
      {unread.map(({ position, code, reason, shown }) => (
        <section key={position} className="panel" aria-label="Not understood">
          <header>
            <h2 className="outcome-failure">▲ Not understood</h2>
            <span className="muted">
              {reason} <code>{code}</code>
            </span>
          </header>
          <div className="body">
            <InertText text={shown} />
          </div>
        </section>
      ))}
      {records.map((record, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: records have no identity before they are stored
        <ParsedRecordView key={index} parsed={record} number={index + 1} open={records.length === 1} />
      ))}
      {records.length === 0 && unread.length === 0 && <Empty title="There is no record in these lines." />}
      {left > 0 && <p className="notice">{countOf(left, 'further record is', 'further records are')} not shown.</p>}
    </div>
  );
}
