import { Button, Popover } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { toEpoch, zoneOffset } from '#event';
import { boundsOf, nameOf, type TimeWindow, usualWindows } from '../query/time-window.ts';
import { formatMinute } from './format.ts';
import { isKnownZone, ownZone, usePreferences } from './preferences.tsx';
import './time-picker.css';

/** Chooses the window: relative, absolute, and the zone times are read and shown in. */
export function TimePicker({
  window,
  zone,
  onWindow,
  onZone,
}: {
  readonly window: TimeWindow;
  readonly zone: string;
  readonly onWindow: (window: TimeWindow) => void;
  readonly onZone: (zone: string) => void;
}): ReactNode {
  const [opened, setOpened] = useState(false);
  const name = nameOf(window, (time) => formatMinute(time, zone), zone);
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      trapFocus
      returnFocus
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <Button
          variant="default"
          onClick={() => setOpened(!opened)}
          aria-label={`Time: ${name}`}
          className="time-button"
        >
          {name} ▾
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="time-panel">
        <ul className="time-usual">
          {usualWindows.map((usual) => (
            <li key={usual.label}>
              <button
                type="button"
                className="plain"
                aria-current={usual.from === window.from && usual.to === window.to}
                onClick={() => {
                  onWindow({ from: usual.from, to: usual.to });
                  setOpened(false);
                }}
              >
                {usual.label}
              </button>
            </li>
          ))}
        </ul>
        <AbsoluteForm
          window={window}
          zone={zone}
          onZone={onZone}
          onWindow={(next) => {
            onWindow(next);
            setOpened(false);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function AbsoluteForm({
  window,
  zone,
  onWindow,
  onZone,
}: {
  readonly window: TimeWindow;
  readonly zone: string;
  readonly onWindow: (window: TimeWindow) => void;
  readonly onZone: (zone: string) => void;
}): ReactNode {
  const { setZone } = usePreferences();
  const [from, setFrom] = useState(window.from);
  const [to, setTo] = useState(window.to);
  const [problem, setProblem] = useState<string>();

  function submit(event: FormEvent): void {
    event.preventDefault();
    try {
      const bounds = boundsOf({ from, to }, zone, Date.now());
      if (bounds.from !== undefined && bounds.to !== undefined && bounds.from >= bounds.to) {
        setProblem('The beginning must lie before the end.');
        return;
      }
      onWindow({ from: from.trim(), to: to.trim() });
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : 'That is no date.');
    }
  }

  return (
    <form className="time-absolute" onSubmit={submit}>
      <Bound label="From" text={from} zone={zone} onText={setFrom} />
      <Bound label="To" text={to} zone={zone} onText={setTo} />
      <label className="field">
        Zone
        <select
          value={zone}
          onChange={(event) => {
            onZone(event.currentTarget.value);
            setZone(event.currentTarget.value);
          }}
        >
          {zonesWith(zone).map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      {problem !== undefined && (
        <p role="alert" className="outcome-denied">
          {problem}
        </p>
      )}
      <p className="muted">
        A date such as 2026-11-24, a time such as 2026-11-24 10:00, or now-3h. Empty is without end.
      </p>
      <Button type="submit" size="xs">
        Use this window
      </Button>
    </form>
  );
}

/** A bound as text, and as a calendar for those who rather point. */
function Bound({
  label,
  text,
  zone,
  onText,
}: {
  readonly label: string;
  readonly text: string;
  readonly zone: string;
  readonly onText: (text: string) => void;
}): ReactNode {
  return (
    <div className="time-bound">
      <label className="field">
        {label}
        <input type="text" value={text} spellCheck={false} onChange={(event) => onText(event.currentTarget.value)} />
      </label>
      <input
        type="datetime-local"
        aria-label={`${label}, in the calendar`}
        step={1}
        value={calendarText(text, zone)}
        onChange={(event) => {
          const picked = Date.parse(`${event.currentTarget.value}Z`);
          const epoch = Number.isNaN(picked) ? undefined : toEpoch(picked, zone);
          if (epoch !== undefined) onText(new Date(epoch).toISOString());
        }}
      />
    </div>
  );
}

function calendarText(text: string, zone: string): string {
  try {
    const { from } = boundsOf({ from: text, to: '' }, zone, Date.now());
    if (from === undefined) return '';
    return new Date(from + (zoneOffset(from, zone) ?? 0)).toISOString().slice(0, 19);
  } catch {
    return '';
  }
}

/** The zones of the browser, the likely ones first. */
export function zonesWith(zone: string): readonly string[] {
  const first = [ownZone, 'UTC', zone].filter(isKnownZone);
  return [...new Set([...first, ...Intl.supportedValuesOf('timeZone')])];
}
