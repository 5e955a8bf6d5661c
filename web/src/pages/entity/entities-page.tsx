import { Button } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { parseAddress } from '#event';
import { CountTable } from '../../parts/count-table.tsx';
import type { EntityKind } from '../../parts/entity-link.ts';
import { usePreferences } from '../../parts/preferences.tsx';
import { TimePicker } from '../../parts/time-picker.tsx';
import { usePageWindow } from '../../parts/use-window.ts';
import './entity.css';

/** Who and what there is: look one up, or pick one of the busiest. */
export function EntitiesPage(): ReactNode {
  const { asked, window, zone, setWindow } = usePageWindow({ from: '', to: '', ...useSearch({ from: '/entities' }) });
  const { setZone } = usePreferences();
  return (
    <div className="page">
      <div className="page-head">
        <h1>Entities</h1>
        <div className="actions">
          <TimePicker window={window} zone={zone} onWindow={setWindow} onZone={setZone} />
        </div>
      </div>
      <LookUp />
      <div className="entity-tables">
        <CountTable
          title="Identities"
          none="Nobody was bound in this window."
          asked={{ ...asked, q: 'eventSubType: RESULT and boundDn is not null' }}
          window={window}
          by={['boundDn']}
          limit={20}
        />
        <CountTable
          title="Addresses"
          none="No client in this window."
          asked={{ ...asked, q: 'eventSubType: CONNECTION' }}
          window={window}
          by={['sourceIp']}
          limit={20}
        />
        <CountTable
          title="Entries that were changed"
          none="Nothing was changed in this window."
          asked={{ ...asked, q: 'eventSubType: RESULT and requestType: [ADD, MOD, DEL, MODRDN]' }}
          window={window}
          by={['distinguishedName']}
          limit={20}
        />
        <CountTable
          title="Directory servers"
          none="No event of this window names its server."
          asked={asked}
          window={window}
          by={['deviceHostName']}
          limit={20}
        />
        <CountTable
          title="Agents"
          none="No agent sent anything in this window."
          asked={{ ...asked, q: 'agentId is not null' }}
          window={window}
          by={['agentId', 'deviceHostName']}
          limit={20}
        />
      </div>
    </div>
  );
}

function kindOf(text: string): EntityKind {
  if (parseAddress(text) !== undefined) return 'address';
  return text.includes('=') ? 'identity' : 'server';
}

function LookUp(): ReactNode {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const value = text.trim();
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (value !== '') void navigate({ to: '/entities/$kind', params: { kind: kindOf(value) }, search: { value } });
  }
  return (
    <form className="entity-lookup" onSubmit={submit}>
      <input
        type="search"
        aria-label="DN, address or host name"
        placeholder="A DN, an address, or the host name of a server"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" disabled={value === ''}>
        Open
      </Button>
    </form>
  );
}
