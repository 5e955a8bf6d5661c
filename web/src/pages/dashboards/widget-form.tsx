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
import { nameFunction } from './measured-value.ts';

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
const usualColumns = 'eventTime, eventSubType, outcome, sourceIp, boundDn';
const listId = 'widget-form-labels';
const numberListId = 'widget-form-numbers';

/** What was written into the form. */
interface Filled {
  readonly kind: WidgetKind;
  readonly title: string;
  readonly query: string;
  readonly part: string;
  readonly by: string;
  readonly columns: string;
  readonly measure: string;
  readonly label: string;
}

const unfilled: Filled = {
  kind: 'number',
  title: '',
  query: '',
  part: '',
  by: '',
  columns: usualColumns,
  measure: 'count',
  label: '',
};

function needsOf(kind: WidgetKind): (typeof kinds)[number]['needs'] {
  return kinds.find((one) => one.kind === kind)?.needs ?? [];
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((one) => one !== '');
}

/** What was written, as a widget says it. */
function widgetOf({
  kind,
  title,
  query,
  part,
  by,
  columns,
  measure,
  label,
}: Filled): Readonly<Record<string, unknown>> {
  const needs = needsOf(kind);
  const own = wordsOf(by);
  return {
    kind,
    title: title.trim() === '' ? names[kind] : title.trim(),
    query: query.trim(),
    ...(needs.includes('part') ? { part: part.trim() } : {}),
    ...(needs.includes('value') && measure !== 'count' ? { value: `${measure}(${label.trim()})` } : {}),
    ...(needs.includes('by') && own.length > 0 ? { by: kind === 'trend' ? own[0] : own } : {}),
    ...(needs.includes('columns') ? { columns: wordsOf(columns), sort: '-eventTime' } : {}),
  };
}

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
  const [filled, setFilled] = useState(unfilled);
  const set: Setter = (change) => setFilled((before) => ({ ...before, ...change }));
  const isWrong = [filled.query, filled.part].some((text) => wrongOf(text, zone) !== undefined);
  const add = useMutation({
    mutationFn: async () => (await checkDashboard({ yaml, add: widgetOf(filled) })).yaml,
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
        <WhatFields filled={filled} set={set} zone={zone} onRun={submit} />
        <HowFields filled={filled} set={set} />
        <ProblemLine error={add.error} />
        <div className="widget-buttons">
          <Button type="submit" loading={add.isPending} disabled={isWrong}>
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

type Setter = (change: Partial<Filled>) => void;

interface FieldProps {
  readonly filled: Filled;
  readonly set: Setter;
}

/** Which kind of widget, and of which events. */
function WhatFields({
  filled: { kind, title, query, part },
  set,
  zone,
  onRun,
}: FieldProps & { readonly zone: string; readonly onRun: () => void }): ReactNode {
  return (
    <>
      <NativeSelect
        label="Kind"
        data={kinds.map((one) => ({ value: one.kind, label: one.name }))}
        value={kind}
        onChange={(event) => {
          const next = kinds.find((one) => one.kind === event.currentTarget.value);
          if (next !== undefined) set({ kind: next.kind });
        }}
      />
      <TextInput
        label="Title"
        placeholder={names[kind]}
        maxLength={120}
        autoComplete="off"
        value={title}
        onChange={(event) => set({ title: event.currentTarget.value })}
      />
      <QueryField
        label="Of which events"
        text={query}
        zone={zone}
        wrong={wrongOf(query, zone)}
        onText={(text) => set({ query: text })}
        onRun={onRun}
      />
      {needsOf(kind).includes('part') && (
        <QueryField
          label="Which part of them"
          text={part}
          zone={zone}
          wrong={wrongOf(part, zone)}
          onText={(text) => set({ part: text })}
          onRun={onRun}
        />
      )}
    </>
  );
}

/** How they are grouped and measured, or what is shown of each. */
function HowFields({ filled, set }: FieldProps): ReactNode {
  const { kind, by, columns } = filled;
  const needs = needsOf(kind);
  return (
    <>
      {needs.includes('by') && (
        <TextInput
          label={kind === 'trend' ? 'Split by field' : 'By field'}
          description={kind === 'trend' ? 'Empty: one line.' : 'One, or two with a comma.'}
          placeholder={kind === 'trend' ? 'outcome' : 'boundDn'}
          list={listId}
          autoComplete="off"
          spellCheck={false}
          value={by}
          onChange={(event) => set({ by: event.currentTarget.value })}
        />
      )}
      {needs.includes('value') && <MeasureFields filled={filled} set={set} />}
      {needs.includes('columns') && (
        <TextInput
          label="Columns"
          description="Fields with commas between."
          spellCheck={false}
          autoComplete="off"
          value={columns}
          onChange={(event) => set({ columns: event.currentTarget.value })}
        />
      )}
      <Labels id={listId} labels={labels} />
      <Labels id={numberListId} labels={labels.filter(isNumeric)} />
    </>
  );
}

function MeasureFields({ filled: { measure, label }, set }: FieldProps): ReactNode {
  return (
    <div className="widget-measure">
      <NativeSelect
        label="Value"
        data={[
          { value: 'count', label: 'Number of events' },
          ...measureFunctions.map((one) => ({ value: one, label: nameFunction(one) })),
        ]}
        value={measure}
        onChange={(event) => set({ measure: event.currentTarget.value })}
      />
      {measure !== 'count' && (
        <TextInput
          label="Field"
          placeholder={measure === 'distinct' ? 'sourceIp' : 'duration'}
          list={measure === 'distinct' ? listId : numberListId}
          autoComplete="off"
          spellCheck={false}
          value={label}
          onChange={(event) => set({ label: event.currentTarget.value })}
        />
      )}
    </div>
  );
}

function Labels({ id, labels: offered }: { readonly id: string; readonly labels: readonly string[] }): ReactNode {
  return (
    <datalist id={id}>
      {offered.map((one) => (
        <option key={one} value={one} />
      ))}
    </datalist>
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
function wrongOf(text: string, zone: string): string | undefined {
  const checked = check(parse(text), { now: Date.now(), zone });
  return checked.kind === 'errors' ? checked.errors[0]?.message : undefined;
}
