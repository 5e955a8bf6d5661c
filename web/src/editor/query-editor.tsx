import {
  acceptCompletion,
  autocompletion,
  type Completion,
  CompletionContext,
  type CompletionResult,
  completionKeymap,
  completionStatus,
  moveCompletionSelection,
  selectedCompletion,
  startCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { EditorState, Prec, type Range } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  keymap,
  placeholder,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { check, complete, parse } from '#query';
import { marksOf } from './query-marks.ts';
import { typeOver } from './type-over.ts';

/** What others may do with the editor. */
export interface QueryEditorHandle {
  readonly focus: () => void;
}

/** What the editor tells, and is told. */
interface QueryEditorProps {
  readonly value: string;
  readonly zone: string;
  readonly onChange: (text: string) => void;
  /** Given the text as it stands in the editor: the page may still be behind. */
  readonly onRun: (text: string) => void;
  readonly onCursor: (at: number) => void;
  readonly onFocus: (focused: boolean) => void;
  readonly ref?: Ref<QueryEditorHandle>;
}

/** Texts remembered until they come back. */
const saidMax = 100;

const fieldMark = Decoration.mark({ class: 'qql-field' });
const valueMark = Decoration.mark({ class: 'qql-value' });
const wordMark = Decoration.mark({ class: 'qql-word' });
const wrongMark = Decoration.mark({ class: 'qql-wrong' });
const marks = { field: fieldMark, value: valueMark, word: wordMark };

const theme = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'transparent', fontSize: '13px', maxHeight: '160px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px' },
  '.cm-content': { padding: '5px 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 8px' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--selected)',
  },
  '.cm-placeholder': { color: 'var(--muted)' },
  '.qql-field': { color: 'var(--qql-field)' },
  '.qql-value': { color: 'var(--qql-value)' },
  '.qql-word': { color: 'var(--qql-word)', fontWeight: '600' },
  '.qql-wrong': {
    textDecoration: 'underline wavy var(--outcome-denied)',
    textUnderlineOffset: '3px',
    textDecorationSkipInk: 'none',
  },
  '.cm-tooltip': {
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius)',
    backgroundColor: 'var(--panel)',
    color: 'var(--text)',
    boxShadow: 'var(--shadow)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mono)',
    fontSize: '13px',
    maxHeight: '320px',
    maxWidth: 'min(720px, 90vw)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px', lineHeight: '20px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--selected)', color: 'var(--text)' },
  '.cm-completionDetail': {
    fontFamily: 'var(--sans)',
    fontStyle: 'normal',
    color: 'var(--muted)',
    marginLeft: '12px',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
});

/** Colours the query and underlines what is wrong with it. */
function highlighter(zone: () => string): ViewPlugin<{ decorations: DecorationSet }> {
  const decorate = (text: string): DecorationSet => {
    const tree = parse(text);
    const ranges: Range<Decoration>[] = marksOf(tree).map(({ from, to, kind }) => marks[kind].range(from, to));
    const checked = check(tree, { now: Date.now(), zone: zone() });
    if (checked.kind === 'errors') {
      for (const { place } of checked.errors) {
        const [from, to] = wrongRange(text, place?.offset ?? 0);
        if (from < to) ranges.push(wrongMark.range(from, to));
      }
    }
    return Decoration.set(ranges, true);
  };
  return ViewPlugin.define(
    (view) => ({
      decorations: decorate(view.state.doc.toString()),
      update(update: ViewUpdate) {
        if (update.docChanged) this.decorations = decorate(update.state.doc.toString());
      },
    }),
    { decorations: (plugin) => plugin.decorations },
  );
}

/** The word at a place; at the very end, the character before. */
export function wrongRange(text: string, offset: number): readonly [from: number, to: number] {
  if (offset >= text.length) return [Math.max(0, text.trimEnd().length - 1), text.trimEnd().length];
  const word = /^[^\s()[\],]+/.exec(text.slice(offset))?.[0].length ?? 1;
  return [offset, offset + word];
}

function completionsAt(context: CompletionContext): CompletionResult | null {
  const text = context.state.doc.toString();
  const { from, items } = complete(text, context.pos);
  if (items.length === 0) return null;
  // Right behind a finished clause nobody asked for more.
  if (
    !context.explicit &&
    from === context.pos &&
    text.slice(0, from).trim() !== '' &&
    !/[\s(:[,]$/.test(text.slice(0, from))
  )
    return null;
  return {
    from,
    filter: false,
    options: items.map(
      ({ kind, insert, about }): Completion => ({
        label: insert,
        detail: about.length > 90 ? `${about.slice(0, 90)}…` : about,
        apply: (view, _completion, start, end) => {
          const more = kind === 'field' ? ': ' : kind === 'keyword' ? ' ' : '';
          const at = start + insert.length + more.length;
          view.dispatch({
            changes: { from: start, to: end, insert: insert + more },
            selection: { anchor: at },
            userEvent: 'input.complete',
          });
          if (more !== '' || kind === 'operator') startCompletion(view);
        },
      }),
    ),
  };
}

/** Takes what the list will show first: who types quickly does not wait for it. */
function takeFirst(view: EditorView): boolean {
  const { head } = view.state.selection.main;
  const found = completionsAt(new CompletionContext(view.state, head, false));
  const first = found?.options[0];
  if (found === null || typeof first?.apply !== 'function') return false;
  first.apply(view, first, found.from, head);
  return true;
}

/** Enter runs the query; Tab takes the first of what could stand there. */
function keys(onRun: (text: string) => void): ReturnType<typeof keymap.of> {
  return keymap.of([
    {
      key: 'Enter',
      run: (view) => {
        if (completionStatus(view.state) === 'active' && selectedCompletion(view.state) !== null) {
          return acceptCompletion(view);
        }
        onRun(view.state.doc.toString());
        return true;
      },
    },
    {
      key: 'Mod-Enter',
      run: (view) => {
        onRun(view.state.doc.toString());
        return true;
      },
    },
    {
      key: 'Tab',
      run: (view) => {
        const status = completionStatus(view.state);
        if (status === null) return false;
        if (status === 'pending') return takeFirst(view);
        if (selectedCompletion(view.state) === null) moveCompletionSelection(true)(view);
        acceptCompletion(view);
        // Whether it was taken or not: Tab was meant for the list, and must not leave the editor.
        return true;
      },
    },
    ...completionKeymap,
  ]);
}

/**
 * The query editor. It lives in a shadow root: there the editor's styles are constructed sheets, so that the page needs
 * no inline style elements.
 */
export function QueryEditor({ ref, ...props }: QueryEditorProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(undefined);
  const current = useRef(props);
  current.current = props;
  /** What the editor said and the page has not given back yet: the page may lag behind fast typing. */
  const said = useRef<string[]>([]);

  useImperativeHandle(ref, () => ({ focus: () => editor.current?.focus() }), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; later values come through the effect below
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const say = (text: string): void => {
      said.current = [...said.current, text].slice(-saidMax);
      current.current.onChange(text);
    };
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    const view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: props.value,
        extensions: [
          history(),
          drawSelection(),
          typeOver,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'Query', spellcheck: 'false', autocapitalize: 'off' }),
          placeholder('All events. For example: eventSubType: BIND and outcome: failure'),
          autocompletion({
            override: [completionsAt],
            icons: false,
            selectOnOpen: false,
            interactionDelay: 0,
            maxRenderedOptions: 50,
          }),
          Prec.highest(keys((text) => current.current.onRun(text))),
          keymap.of([...historyKeymap, ...defaultKeymap]),
          highlighter(() => current.current.zone),
          theme,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) say(update.state.doc.toString());
            if (update.selectionSet || update.docChanged) current.current.onCursor(update.state.selection.main.head);
            if (update.focusChanged) current.current.onFocus(update.view.hasFocus);
          }),
        ],
      }),
    });
    editor.current = view;
    return () => {
      view.destroy();
      editor.current = undefined;
    };
  }, []);

  const { value } = props;
  useEffect(() => {
    const view = editor.current;
    const echo = said.current.lastIndexOf(value);
    said.current = said.current.slice(echo + 1);
    // Its own words coming back must not undo what was typed since; only words of others replace the text.
    if (view === undefined || echo !== -1 || view.state.doc.toString() === value) return;
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: value },
      selection: { anchor: value.length },
    });
  }, [value]);

  return <div ref={host} className="query-editor" />;
}
