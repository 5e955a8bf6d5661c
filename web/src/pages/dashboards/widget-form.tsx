import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { labels } from '#event';
import { check, isNumeric, measureFunctions, parse } from '#query';
import { checkDashboard, type WidgetKind } from '../../api/dashboards.ts';
import { QueryEditor } from '../../editor/query-editor.tsx';
import { Sheet } from '../../frame/sheet.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';

/** Kinds in words, and what each needs besides its query. */
const kinds: readonly {
  readonly kind: WidgetKind;
  readonly name: string;
  readonly needs: readonly ('value' | 'by' | 'part' | 'columns')[];
}[] = [
  { kind: 'number', name: 'Number: how many, and how many before', needs: ['value'] },
  { kind: 'trend', name: 'Trend: over time', needs: ['by', 'value'] },
  { kind: 'ratio', name: 'Ratio: which share of them', needs: ['part'] },
  { kind: 'top', name: 'Top: the most frequent values', needs: ['by', 'value'] },
  { kind: 'table', name: 'Table: the newest events', needs: ['columns'] },
  { kind: 'heat', name: 'Heat map: by hour of the week', needs: [] },
  { kind: 'map', name: 'Map: by country', needs: [] },
];
const names: Readonly<Record<WidgetKind, string>> = {
  number: 'How many',
  trend: 'Over time',
  ratio: 'Share',
  top: 'Most frequent',
  table: 'Newest',
  heat: 'By hour',
  map: 'By country',
};
const functionNames: Readonly<Record<string, string>> = {
  count: 'Number of events',
  sum: 'Sum of',
  avg: 'Average of',
  min: 'Least',
  max: 'Most',
  p50: 'Median of',
  p90: '90th percentile of',
  p95: '95th percentile of',
  p99: '99th percentile of',
  distinct: 'Different values of',
};
const usualColumns = 'eventTime, eventSubType, outcome, sourceIp, boundDn';
const listId = 'widget-form-labels';
const numberListId = 'widget-form-numbers';

/** Asks for a widget in words and puts it into the text: nobody needs to know how it is written. */
export function WidgetForm({
  yaml,
  onAdded,
  onClose,
}: {
  readonly yaml: string;
  readonly onAdded: (yaml: string) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { zone } = usePreferences();
  const [kind, setKind] = useState<WidgetKind>('number');
  const [title, setTitle] = useState('');
  const [query, setQuery] = useState('');
  const [part, setPart] = useState('');
  const [by, setBy] = useState('');
  const [columns, setColumns] = useState(usualColumns);
  const [measure, setMeasure] = useState('count');
  const [label, setLabel] = useState('');
  const needs = kinds.find((one) => one.kind === kind)?.needs ?? [];
  const wrongQuery = useWrong(query, zone);
  const wrongPart = useWrong(part, zone);

  const add = useMutation({
    mutationFn: async () => {
      const shown = title.trim() === '' ? names[kind] : title.trim();
      const own = by.split(/[\s,]+/).filter((one) => one !== '');
      const widget = {
        kind,
        title: shown,
        query: query.trim(),
        ...(needs.includes('part') ? { part: part.trim() } : {}),
        ...(needs.includes('value') && measure !== 'count' ? { value: `${measure}(${label.trim()})` } : {}),
        ...(needs.includes('by') && own.length > 0 ? { by: kind === 'trend' ? own[0] : own } : {}),
        ...(needs.includes('columns')
          ? { columns: columns.split(/[\s,]+/).filter((one) => one !== ''), sort: '-eventTime' }
          : {}),
      };
      return (await checkDashboard({ yaml, add: widget })).yaml;
    },
    onSuccess: onAdded,
  });

  function submit(event?: FormEvent): void {
    event?.preventDefault();
    add.mutate();
  }

  return (
    <Sheet label="Add a widget" onClose={onClose}>
      <header>
        <h2>Add a widget</h2>
        <button type="button" className="plain link" onClick={onClose}>
          Close
        </button>
      </header>
      <form className="body widget-form" onSubmit={submit}>
        <NativeSelect
          label="Kind"
          data={kinds.map((one) => ({ value: one.kind, label: one.name }))}
          value={kind}
          onChange={(event) => {
            const next = kinds.find((one) => one.kind === event.currentTarget.value);
            if (next !== undefined) setKind(next.kind);
          }}
        />
        <TextInput
          label="Title"
          placeholder={names[kind]}
          maxLength={120}
          autoComplete="off"
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <QueryField
          label="Of which events"
          text={query}
          zone={zone}
          wrong={wrongQuery}
          onText={setQuery}
          onRun={submit}
        />
        {needs.includes('part') && (
          <QueryField
            label="Which part of them"
            text={part}
            zone={zone}
            wrong={wrongPart}
            onText={setPart}
            onRun={submit}
          />
        )}
        {needs.includes('by') && (
          <TextInput
            label={kind === 'trend' ? 'Split by field' : 'By field'}
            description={kind === 'trend' ? 'Empty: one line.' : 'One, or two with a comma.'}
            placeholder={kind === 'trend' ? 'outcome' : 'boundDn'}
            list={listId}
            autoComplete="off"
            spellCheck={false}
            value={by}
            onChange={(event) => setBy(event.currentTarget.value)}
          />
        )}
        {needs.includes('value') && (
          <div className="widget-measure">
            <NativeSelect
              label="Value"
              data={['count', ...measureFunctions].map((one) => ({ value: one, label: functionNames[one] ?? one }))}
              value={measure}
              onChange={(event) => setMeasure(event.currentTarget.value)}
            />
            {measure !== 'count' && (
              <TextInput
                label="Field"
                placeholder={measure === 'distinct' ? 'sourceIp' : 'duration'}
                list={measure === 'distinct' ? listId : numberListId}
                autoComplete="off"
                spellCheck={false}
                value={label}
                onChange={(event) => setLabel(event.currentTarget.value)}
              />
            )}
          </div>
        )}
        {needs.includes('columns') && (
          <TextInput
            label="Columns"
            description="Fields with commas between."
            spellCheck={false}
            autoComplete="off"
            value={columns}
            onChange={(event) => setColumns(event.currentTarget.value)}
          />
        )}
        <datalist id={listId}>
          {labels.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <datalist id={numberListId}>
          {labels.filter(isNumeric).map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <ProblemLine error={add.error} />
        <div className="widget-buttons">
          <Button type="submit" loading={add.isPending} disabled={wrongQuery !== undefined || wrongPart !== undefined}>
            Add widget
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Sheet>
  );
}

function QueryField({
  label,
  text,
  zone,
  wrong,
  onText,
  onRun,
}: {
  readonly label: string;
  readonly text: string;
  readonly zone: string;
  readonly wrong: string | undefined;
  readonly onText: (text: string) => void;
  readonly onRun: () => void;
}): ReactNode {
  return (
    <div>
      <span className="widget-label">{label}</span>
      <div className="widget-query">
        <QueryEditor value={text} zone={zone} onChange={onText} onRun={onRun} onCursor={() => {}} onFocus={() => {}} />
      </div>
      {wrong !== undefined && <p className="outcome-denied">{wrong}</p>}
    </div>
  );
}

/** What is wrong with a query; undefined when nothing is. */
function useWrong(text: string, zone: string): string | undefined {
  const checked = check(parse(text), { now: Date.now(), zone });
  return checked.kind === 'errors' ? checked.errors[0]?.message : undefined;
}
