import { Button, Checkbox } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, type RefObject, Suspense, useEffect, useRef, useState } from 'react';
import { saveDashboard } from '../../api/dashboards.ts';
import { asProblem } from '../../api/problem.ts';
import { useDrafts } from '../../parts/drafts.ts';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { Bones } from '../../parts/states.tsx';
import { EditHelp } from './edit-help.tsx';
import { EditPreview } from './edit-preview.tsx';
import { EditProblems } from './edit-problems.tsx';
import { useChecked } from './use-checked.ts';
import type { YamlEditorHandle } from './yaml-editor.tsx';
import './edit.css';

const YamlEditor = lazy(async () => ({ default: (await import('./yaml-editor.tsx')).YamlEditor }));
const WidgetForm = lazy(async () => ({ default: (await import('./widget-form.tsx')).WidgetForm }));

interface EditingProps {
  /** Absent: it is not kept yet. */
  readonly id?: string;
  /** Name of the draft. */
  readonly draft: string;
  /** The text as it is kept, or to begin with. */
  readonly saved: string;
  /** When that text was kept: what is written here takes its place, and no other's. */
  readonly version?: number | undefined;
  readonly shared: boolean;
  /** Fetches what is kept by now. */
  readonly onNewest?: () => void;
}

/** The text at the left, what it shows at the right. */
export function Editing({ id, draft, saved, version, shared: wasShared, onNewest }: EditingProps): ReactNode {
  const editor = useRef<YamlEditorHandle>(null);
  const { text, setText, put, based, isOld, discard } = useText(draft, saved, version, editor);
  const [shared, setShared] = useState(wasShared);
  const [adding, setAdding] = useState(false);
  const checked = useChecked(text);
  const save = useSave(id, draft, { yaml: text, shared });
  const isConflict = save.error !== null && asProblem(save.error).code === 'catalog-conflict';

  function trySave(): void {
    const [first] = checked.problems;
    if (first === undefined) save.mutate(based);
    else editor.current?.goTo(first.offset);
  }

  function takeAdded(yaml: string): void {
    put(yaml);
    setAdding(false);
  }

  function takeNewest(): void {
    discard();
    setShared(wasShared);
    save.reset();
    onNewest?.();
  }

  return (
    <div className="page edit-page">
      <EditHead
        isNew={id === undefined}
        shared={shared}
        onShared={setShared}
        onAdd={() => setAdding(true)}
        onSave={trySave}
        isSaving={save.isPending}
      />
      {isConflict && <Conflict onNewest={takeNewest} onKeep={() => save.mutate(undefined)} />}
      {isOld && !isConflict && <WroteBefore onDiscard={discard} />}
      <ProblemLine error={isConflict ? null : save.error} />
      <div className="edit-sides">
        <div className="edit-text">
          <Suspense fallback={<Bones rows={8} />}>
            <YamlEditor ref={editor} initial={text} problems={checked.problems} onChange={setText} onSave={trySave} />
          </Suspense>
          <EditHelp />
          <EditProblems
            problems={checked.problems}
            error={checked.error}
            onGo={(offset) => editor.current?.goTo(offset)}
          />
        </div>
        <EditPreview dashboard={checked.dashboard} isComing={checked.isPending} onAdd={() => setAdding(true)} />
      </div>
      {adding && (
        <Suspense fallback={null}>
          <WidgetForm yaml={text} onClose={() => setAdding(false)} onAdded={takeAdded} />
        </Suspense>
      )}
    </div>
  );
}

/** What can be done with the whole. */
function EditHead({
  isNew,
  shared,
  onShared,
  onAdd,
  onSave,
  isSaving,
}: {
  readonly isNew: boolean;
  readonly shared: boolean;
  readonly onShared: (shared: boolean) => void;
  readonly onAdd: () => void;
  readonly onSave: () => void;
  readonly isSaving: boolean;
}): ReactNode {
  return (
    <div className="page-head">
      <h1>{isNew ? 'New dashboard' : 'Edit dashboard'}</h1>
      <div className="actions">
        <Button variant="default" onClick={onAdd}>
          Add widget…
        </Button>
        <Checkbox
          label="Share with everybody"
          checked={shared}
          onChange={(event) => onShared(event.currentTarget.checked)}
        />
        <Button onClick={onSave} loading={isSaving}>
          {isNew ? 'Create dashboard' : 'Save changes'}
        </Button>
      </div>
    </div>
  );
}

/** The text, and which one it is based on: what was written before may be based on an older one than is kept now. */
function useText(
  draft: string,
  saved: string,
  version: number | undefined,
  editor: RefObject<YamlEditorHandle | null>,
) {
  const drafts = useDrafts();
  const page = `dashboard ${draft}`;
  const [begun] = useState(() => drafts.read(page));
  const wasBegun = begun !== undefined && begun.text !== saved;
  const [text, setText] = useState(wasBegun ? begun.text : saved);
  const [based, setBased] = useState(wasBegun ? (begun.version ?? version) : version);
  const [isOld, setOld] = useState(wasBegun);
  useEffect(
    () => drafts.keep(page, text === saved ? undefined : { text, version: based }),
    [drafts, page, text, saved, based],
  );

  function put(next: string): void {
    // The editor may still be on its way.
    setText(next);
    editor.current?.setText(next);
  }

  function discard(): void {
    put(saved);
    setBased(version);
    setOld(false);
  }

  return { text, setText, put, based, isOld, discard };
}

/** Keeps the text in the place of the version it is given, or of whatever is there. */
function useSave(id: string | undefined, draft: string, content: { readonly yaml: string; readonly shared: boolean }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const drafts = useDrafts();
  return useMutation({
    mutationFn: (version: number | undefined) => saveDashboard(id, content, version),
    onSuccess: async (whole) => {
      drafts.keep(`dashboard ${draft}`, undefined);
      client.setQueryData(['dashboard', whole.id], whole);
      await client.invalidateQueries({ queryKey: ['dashboards'] });
      await navigate({ to: '/dashboards/$dashboardId', params: { dashboardId: whole.id } });
    },
  });
}

function WroteBefore({ onDiscard }: { readonly onDiscard: () => void }): ReactNode {
  return (
    <p className="notice" role="status">
      What you wrote before is back.{' '}
      <button type="button" className="plain link" onClick={onDiscard}>
        Discard it
      </button>
    </p>
  );
}

function Conflict({ onNewest, onKeep }: { readonly onNewest: () => void; readonly onKeep: () => void }): ReactNode {
  return (
    <p className="notice" role="alert">
      This dashboard was changed elsewhere while you changed it here, and nothing is saved.{' '}
      <button type="button" className="plain link" onClick={onNewest}>
        Show the newest version
      </button>{' '}
      (what you wrote is lost), or{' '}
      <button type="button" className="plain link" onClick={onKeep}>
        put yours in its place
      </button>
      .
    </p>
  );
}
