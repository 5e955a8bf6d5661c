import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { fieldGroups, fieldOf, type Label, labels } from '#event';
import { type EventLabels, numberOf, showValue, textOf, textsOf } from '../api/event-value.ts';
import { moreLikeThis } from '../query/more-like-this.ts';
import { clauseFor } from '../query/refine.ts';
import { copyText } from './copy.ts';
import { entityOf } from './entity-link.ts';
import { formatCount, formatFullTime, formatSeconds } from './format.ts';
import { DnText, InertText } from './inert-text.tsx';
import { Outcome, Severity } from './outcome.tsx';
import { RawLine } from './raw-line.tsx';
import { showText } from './show-characters.ts';
import { isoOf } from './time.tsx';
import './event-details.css';

const groupNames: Readonly<Record<string, string>> = {
  guide: 'Guide',
  extended: 'Extended',
  category: 'Category',
  context: 'Context',
  system: 'System',
};
const secondsLabels = new Set<string>(['duration', 'waitTime', 'queueTime', 'operationTime', 'writeTime']);

/** What may be done with a value. */
export interface ValueActions {
  readonly onInclude: (label: string, value: unknown) => void;
  readonly onExclude: (label: string, value: unknown) => void;
}

/** Everything about an event, in groups. */
export function EventDetails({
  event,
  zone,
  actions,
}: {
  readonly event: EventLabels;
  readonly zone: string;
  readonly actions?: ValueActions | undefined;
}): ReactNode {
  const raw = textOf(event, 'rawEvent');
  return (
    <div className="event-details">
      <EventActions event={event} />
      {raw !== undefined && <RawLine text={raw} />}
      {fieldGroups.map((group) => {
        const shown = labels.filter(
          (label) => label !== 'rawEvent' && event[label] !== undefined && fieldOf(label).group === group,
        );
        if (shown.length === 0) return null;
        return (
          <section key={group} aria-label={`Labels: ${groupNames[group]}`}>
            <h3>{groupNames[group]}</h3>
            <dl className="labels">
              {shown.map((label) => (
                <div key={label} className="label-row">
                  <dt title={fieldOf(label).about}>{label}</dt>
                  <dd>
                    <LabelValue label={label} event={event} zone={zone} />
                    {actions !== undefined && <RowActions label={label} value={event[label]} actions={actions} />}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        );
      })}
    </div>
  );
}

/** What the event says in a few words. */
export function EventHeadline({ event }: { readonly event: EventLabels }): ReactNode {
  const kind = textOf(event, 'eventSubType') ?? 'Event';
  const asked = textOf(event, 'requestType');
  const outcome = textOf(event, 'outcome');
  return (
    <>
      {showText(kind)}
      {asked !== undefined && asked !== kind ? ` of ${showText(asked)}` : ''}
      {outcome !== undefined && (
        <>
          {' '}
          <Outcome value={outcome} />
        </>
      )}
    </>
  );
}

function EventActions({ event }: { readonly event: EventLabels }): ReactNode {
  const [said, setSaid] = useState('');
  const session = textOf(event, 'sessionKey');
  const eventId = textOf(event, 'eventId');
  const copy = (what: string, text: string): void => {
    void copyText(text).then((done) => setSaid(done ? `${what} copied` : 'The browser does not allow copying'));
  };
  const link = {
    renderRoot: (props: object) => <Link {...props} to="/hunt" search={{ q: moreLikeThis(event), from: '', to: '' }} />,
  };
  return (
    <div className="event-actions">
      {session !== undefined && (
        <Button
          size="compact-sm"
          variant="light"
          renderRoot={(props: object) => (
            <Link {...props} to="/sessions/$sessionKey" params={{ sessionKey: session }} />
          )}
        >
          Session story
        </Button>
      )}
      <Button size="compact-sm" variant="default" renderRoot={link.renderRoot}>
        More like this
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => copy('JSON', JSON.stringify(event, null, 2))}>
        Copy JSON
      </Button>
      {eventId !== undefined && (
        <Button size="compact-sm" variant="default" onClick={() => copy('Query', clauseFor('eventId', eventId))}>
          Copy QQL
        </Button>
      )}
      {textOf(event, 'rawEvent') !== undefined && (
        <Button size="compact-sm" variant="default" onClick={() => copy('Raw record', textOf(event, 'rawEvent') ?? '')}>
          Copy raw
        </Button>
      )}
      <span className="muted" role="status">
        {said}
      </span>
    </div>
  );
}

function RowActions({
  label,
  value,
  actions,
}: {
  readonly label: Label;
  readonly value: unknown;
  readonly actions: ValueActions;
}): ReactNode {
  const first = Array.isArray(value) ? value[0] : value;
  return (
    <span className="row-actions">
      <button
        type="button"
        className="plain link"
        aria-label={`Include ${label}`}
        title="Include"
        onClick={() => actions.onInclude(label, first)}
      >
        +
      </button>
      <button
        type="button"
        className="plain link"
        aria-label={`Exclude ${label}`}
        title="Exclude"
        onClick={() => actions.onExclude(label, first)}
      >
        −
      </button>
    </span>
  );
}

/** One value, whole. */
export function LabelValue({
  label,
  event,
  zone,
}: {
  readonly label: Label;
  readonly event: EventLabels;
  readonly zone: string;
}): ReactNode {
  const value = event[label];
  const { type } = fieldOf(label);
  const number = numberOf(event, label);
  if (type === 'instant' && number !== undefined) {
    const nanos = label === 'eventTime' ? numberOf(event, 'eventNanos') : undefined;
    return (
      <span title={isoOf(number)}>
        {formatFullTime(number, zone)}
        {nanos !== undefined && nanos > 0 && <span className="muted"> + {formatCount(nanos)} ns</span>}
      </span>
    );
  }
  if (label === 'outcome') return <Outcome value={showValue(value)} />;
  if (label === 'severity' && number !== undefined) return <Severity value={number} />;
  if (secondsLabels.has(label) && number !== undefined) {
    return (
      <span title={`${showValue(value)} s`}>
        {formatSeconds(number)} <span className="muted">{showValue(value)} s</span>
      </span>
    );
  }
  const entity = entityOf(label, value);
  if (entity !== undefined) {
    return (
      <Link to="/entities/$kind" params={{ kind: entity.kind }} search={{ value: entity.value }}>
        <InertText text={entity.value} />
      </Link>
    );
  }
  const texts = textsOf(event, label);
  if (texts.length === 1) {
    const [text = ''] = texts;
    return type === 'dn' ? <DnText text={text} /> : <InertText text={text} />;
  }
  return (
    <ul>
      {texts.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: values of one label may be equal
        <li key={index}>
          <InertText text={text} />
        </li>
      ))}
    </ul>
  );
}
