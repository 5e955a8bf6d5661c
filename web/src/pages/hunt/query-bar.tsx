import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, type Ref, useEffect, useMemo, useState } from 'react';
import { check, describeAt, parse } from '#query';
import { getSources } from '../../api/sources.ts';
import { QueryEditor, type QueryEditorHandle } from '../../editor/query-editor.tsx';
import { TimePicker } from '../../parts/time-picker.tsx';
import { fixesFor } from '../../query/fix.ts';
import type { TimeWindow } from '../../query/time-window.ts';
import { readRecent } from './recent-queries.ts';

/** A slip is told once the person has stopped typing for this long. */
const patienceMs = 500;
const recentShown = 10;

interface QueryBarProps {
  readonly text: string;
  readonly window: TimeWindow;
  readonly zone: string;
  readonly busy: boolean;
  readonly editorRef: Ref<QueryEditorHandle>;
  readonly onText: (text: string) => void;
  readonly onRun: (text: string) => void;
  readonly onCancel: () => void;
  readonly onWindow: (window: TimeWindow) => void;
  readonly onZone: (zone: string) => void;
}

/** The query, what is wrong with it, what the field under the cursor means, and the window. */
export function QueryBar(props: QueryBarProps): ReactNode {
  const { text, zone } = props;
  const [cursor, setCursor] = useState(0);
  const [focused, setFocused] = useState(false);
  const checked = useMemo(() => check(parse(text), { now: Date.now(), zone }), [text, zone]);
  const settled = useSettled(text, patienceMs);
  const help = useMemo(() => (focused ? describeAt(text, cursor) : undefined), [focused, text, cursor]);
  const error = checked.kind === 'errors' ? checked.errors[0] : undefined;
  const hint = checked.hints[0];

  return (
    <div className="query-bar">
      <div className="query-row">
        <div className={`query-box ${error !== undefined && settled === text ? 'wrong' : ''}`}>
          <QueryEditor
            ref={props.editorRef}
            value={text}
            zone={zone}
            onChange={props.onText}
            onCursor={setCursor}
            onFocus={setFocused}
            onRun={props.onRun}
          />
          <QueryMenu onPick={(query) => props.onRun(query)} />
        </div>
        <TimePicker window={props.window} zone={zone} onWindow={props.onWindow} onZone={props.onZone} />
        {props.busy ? (
          <Button variant="default" onClick={props.onCancel} className="run-button">
            Cancel
          </Button>
        ) : (
          <Button onClick={() => props.onRun(text)} className="run-button">
            Search
          </Button>
        )}
      </div>
      <div className="query-help" aria-live="polite">
        {error !== undefined && settled === text ? (
          <p className="query-error">
            <span className="outcome-denied">
              <span aria-hidden="true">■</span> {sentence(error.message)}
            </span>{' '}
            <span className="muted">{error.hint}</span>{' '}
            {fixesFor(text, error).map((fix) => (
              <button key={fix.label} type="button" className="plain link fix" onClick={() => props.onText(fix.text)}>
                {fix.label}
              </button>
            ))}
          </p>
        ) : help !== undefined ? (
          <p>
            <code>{help.label}</code>{' '}
            <span className="muted">
              {help.group}, {help.type}
              {help.many ? ', several' : ''}.
            </span>{' '}
            {help.about}{' '}
            <span className="muted">
              {help.operators.slice(0, 3).map((operator) => (
                <span key={operator.text} className="operator">
                  <code>{operator.text.trim()}</code> {operator.about}
                </span>
              ))}
            </span>
          </p>
        ) : hint !== undefined && settled === text ? (
          <p className="muted">{hint.text}</p>
        ) : null}
      </div>
    </div>
  );
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${message.endsWith('.') ? '' : '.'}`;
}

/** The text once it has not changed for a while. */
function useSettled(text: string, ms: number): string | undefined {
  const [settled, setSettled] = useState<string>();
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return settled;
}

/** Queries to begin with: those of the sources, and those run before. */
function QueryMenu({ onPick }: { readonly onPick: (query: string) => void }): ReactNode {
  const { data: sources } = useQuery({ queryKey: ['sources'], queryFn: ({ signal }) => getSources(signal) });
  const [recent, setRecent] = useState<readonly string[]>([]);
  return (
    <Menu position="bottom-end" width={420} transitionProps={{ duration: 0 }} onOpen={() => setRecent(readRecent())}>
      <Menu.Target>
        <button type="button" className="plain query-menu" aria-label="Samples and recent queries">
          ☰
        </button>
      </Menu.Target>
      <Menu.Dropdown className="query-menu-list">
        {(sources ?? []).map(({ id, product, queries }) => (
          <div key={id}>
            {queries.length > 0 && <Menu.Label>{product}: to begin with</Menu.Label>}
            {queries.map(({ about, query }) => (
              <Menu.Item key={query} onClick={() => onPick(query)}>
                {about}
                <br />
                <code className="muted">{query}</code>
              </Menu.Item>
            ))}
          </div>
        ))}
        {recent.length > 0 && <Menu.Label>Recent, in this browser</Menu.Label>}
        {recent.slice(0, recentShown).map((query) => (
          <Menu.Item key={query} onClick={() => onPick(query)}>
            <code>{query}</code>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component={Link} to="/help/qql">
          The query language on one page
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
