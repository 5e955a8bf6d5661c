import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '#error';
import { widgetKinds } from './document.ts';
import { dashboardLimits } from './limits.ts';
import { lookAtDashboard, readDashboard } from './read-dashboard.ts';
import { loadShippedDashboards } from './shipped-dashboards.ts';
import { printDashboard } from './test-print-dashboard.ts';
import { addWidget, renameDashboard } from './write-dashboard.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 200);

const head = 'meridianDashboard: 1\nname: Night\n';
const withWidget = (lines: string): string => `${head}widgets:\n${lines.replace(/^/gm, '  ')}\n`;

describe('a dashboard in YAML', () => {
  test('is read, with its defaults, and names as the dictionary writes them', () => {
    const text = withWidget(
      [
        '- kind: top',
        '  title: Who fails',
        "  query: 'outcome: failure'",
        '  by: BOUNDDN',
        '  value: P95( Duration )',
        '- kind: table',
        '  title: Newest',
        '  columns: [eventtime, source.ip]',
        '  sort: -EVENTTIME',
        '- kind: number',
        '  title: All',
        '  value: count',
      ].join('\n'),
    );
    expect(readDashboard(text)).toEqual({
      name: 'Night',
      description: '',
      window: 'now-24h',
      widgets: [
        {
          ...{ kind: 'top', title: 'Who fails', query: 'outcome: failure', by: ['boundDn'], value: 'p95(duration)' },
          ...{ limit: 10, width: 4 },
        },
        {
          ...{ kind: 'table', title: 'Newest', query: '', columns: ['eventTime', 'sourceIp'], sort: '-eventTime' },
          ...{ limit: 10, width: 6 },
        },
        { kind: 'number', title: 'All', query: '', width: 3 },
      ],
    });
  });

  test('may have no widgets yet, and show all time', () => {
    expect(readDashboard(`${head}window: all\nwidgets: []\n`)).toMatchObject({ window: '', widgets: [] });
  });

  // What, text, what stands at the place that is told, message, hint.
  test.each<readonly [string, string, string, RegExp, RegExp]>([
    ['a slip in a key', withWidget('- kind: heat\n  title: x\n  qery: a'), 'qery', /no "qery"/, /"query"/],
    ['a key twice', withWidget('- kind: heat\n  title: x\n  kind: map'), 'kind: map', /unique/, /./],
    [
      'slips in many keys',
      withWidget(`- kind: heat\n  title: x\n${[...'abcdefghijkl'].map((key) => `  ${key}${key}: 1`).join('\n')}`),
      'aa: 1',
      /no "aa"/,
      /kind, title/,
    ],
    ['a slip in a kind', withWidget('- kind: tabel\n  title: x'), 'tabel', /no kind "tabel"/, /"table"/],
    ['no kind', withWidget('- title: x'), 'title', /needs a "kind"/, /number, trend/],
    ['no title', withWidget('- kind: heat'), 'kind', /"title" is missing/, /title/],
    ['a title that is a number', withWidget('- kind: heat\n  title: 2026'), '2026', /a text/, /"2026"/],
    ['a key of another kind', withWidget('- kind: heat\n  title: x\n  by: [source]'), 'by', /no "by"/, /kind, title/],
    [
      'a query that is wrong',
      withWidget("- kind: heat\n  title: x\n  query: 'outcome: failure and outcom: denied'"),
      'outcom:',
      /"outcom"/,
      /outcome/,
    ],
    [
      'a query that is wrong, folded over lines',
      withWidget('- kind: heat\n  title: x\n  query: >-\n    outcome: failure\n    and outcom: denied\n'),
      'outcom:',
      /"outcom"/,
      /outcome/,
    ],
    [
      'a query that is wrong, behind escapes',
      withWidget('- kind: heat\n  title: x\n  query: "message: \\"a \\\\\\" b\\" and outcom: denied"'),
      'outcom:',
      /outcom/,
      /outcome/,
    ],
    [
      'a query without quotes',
      withWidget('- kind: heat\n  title: x\n  query: outcome: failure'),
      'outcome',
      /no YAML/,
      /quotes/,
    ],
    ['a part that is wrong', withWidget("- kind: ratio\n  title: x\n  part: 'count: many'"), 'many', /many/, /./],
    ['a label nobody knows', withWidget('- kind: top\n  title: x\n  by: [bounddm]'), 'bounddm', /bounddm/, /boundDn/],
    [
      'a measure nobody knows',
      withWidget('- kind: number\n  title: x\n  value: median(duration)'),
      'median',
      /median/,
      /p95/,
    ],
    ['a sum of names', withWidget('- kind: number\n  title: x\n  value: sum(boundDn)'), 'sum', /no numbers/, /./],
    [
      'a table of both kinds',
      withWidget('- kind: table\n  title: x\n  by: [source]\n  columns: [source]'),
      'kind',
      /either/,
      /./,
    ],
    ['a table of neither', withWidget('- kind: table\n  title: x'), 'kind', /either/, /./],
    [
      'a sort by what is not shown',
      withWidget('- kind: table\n  title: x\n  by: source\n  values: [max(duration)]\n  sort: p95(duration)'),
      'p95',
      /does not show/,
      /max\(duration\)/,
    ],
    ['a width of thirteen', withWidget('- kind: heat\n  title: x\n  width: 13'), '13', /12/, /./],
    ['a window that is no date', `${head}window: yesterday-ish\nwidgets: []`, 'yesterday', /no date/, /now-24h/],
    ['another version', 'meridianDashboard: 2\nname: x\nwidgets: []', '2', /Must be 1/, /./],
    ['a name of blanks', 'meridianDashboard: 1\nname: "  "\nwidgets: []', '"  "', /one line/, /./],
    [
      'a name that turns text around',
      'meridianDashboard: 1\nname: "a \u202e b"\nwidgets: []',
      '"a',
      /control characters/,
      /./,
    ],
    ['a tab', 'meridianDashboard: 1\nwidgets:\n\t- kind: heat', '\t', /YAML/, /./],
  ])('with %s is refused there', (_what, text, there, message, hint) => {
    const { problems } = lookAtDashboard(text);
    const [problem] = problems;
    if (problem === undefined) throw new Error('nothing was told');
    expect(problem.message).toMatch(message);
    expect(`${problem.hint} ${problem.expected ?? ''}`).toMatch(hint);
    expect(text.slice(problem.offset).startsWith(there)).toBe(true);
    const lines = text.slice(0, problem.offset).split('\n');
    expect([problem.line, problem.column]).toEqual([lines.length, (lines.at(-1) ?? '').length + 1]);
    expect(() => readDashboard(text)).toThrow(AppError);
  });

  test('tells everything that is wrong, in the order of the text', () => {
    const { problems } = lookAtDashboard(
      `${withWidget('- kind: heat\n  title: 1\n- kind: heat\n  title: b\n  query: "outcom: x"')}nmae: x\n`,
    );
    expect(problems.map(({ path }) => path)).toEqual(['widgets[0].title', 'widgets[1].query', 'nmae']);
    expect(problems.map(({ code }) => code)).toEqual(['dashboard-invalid', 'unknown-field', 'dashboard-invalid']);
  });

  test.each([
    ['nothing', ''],
    ['a list', '- a'],
    ['a word', 'dashboard'],
    ['two documents', `${head}widgets: []\n---\na: 1`],
    ['a function', '!!js/function "x"'],
    ['a hostile key', `${head}__proto__: { a: 1 }\nwidgets: []`],
    ['too many widgets', `${head}widgets:\n${'  - {kind: heat, title: x}\n'.repeat(dashboardLimits.widgets + 1)}`],
    ['brackets without end', '['.repeat(60_000)],
    ['maps without end', 'a: '.repeat(20_000)],
    ['much too much', ' '.repeat(dashboardLimits.textLength + 1)],
    [
      'a bomb',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij']
        .map((name, at) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[at]}`).join(',')}]`)
        .join('\n')}`,
    ],
  ])('that is %s is refused in a moment', (_what, text) => {
    const before = performance.now();
    const { problems } = lookAtDashboard(text);
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(dashboardLimits.problems);
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

  test('fuzz: whatever the text is, it is a dashboard or has problems with a place in it', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...head.split('\n'),
        'widgets:',
        '  - kind: top',
        '    title: x',
        '    by: [',
        ']',
        '&a',
        '*a',
        "'",
        '"',
        '|',
        '>-',
        '{',
        '}',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.constantFrom('\n', ' ', ''), (pieces, between) => {
        const text = pieces.join(between);
        const { dashboard, problems } = lookAtDashboard(text);
        expect(dashboard === undefined).toBe(problems.length > 0);
        for (const { offset, line, column, message, hint } of problems) {
          expect(offset).toBeLessThanOrEqual(text.length);
          expect(Math.min(offset, line - 1, column - 1)).toBeGreaterThanOrEqual(0);
          expect(Math.min(message.length, hint.length)).toBeGreaterThan(0);
        }
      }),
      { numRuns: runs },
    );
  });
});

describe('writing', () => {
  const line = fc.string({ minLength: 1, maxLength: 40 }).map((text) => `t${text.trim()}`);
  const base = {
    title: line,
    query: fc.constantFrom('', 'outcome: failure', 'message: "a: b" and not tags: x'),
    width: fc.integer({ min: 2, max: 12 }),
  };
  const widget = fc.oneof(
    fc.record({ kind: fc.constant('number' as const), ...base }),
    fc.record({ kind: fc.constant('number' as const), ...base, value: fc.constant('p95(duration)') }),
    fc.record({
      kind: fc.constant('trend' as const),
      ...base,
      by: fc.constant('source'),
      limit: fc.integer({ min: 1, max: 8 }),
    }),
    fc.record({ kind: fc.constant('ratio' as const), ...base, part: fc.constant('resultText: "it\'s"') }),
    fc.record({
      kind: fc.constant('top' as const),
      ...base,
      about: line,
      by: fc.constant(['source', 'outcome']),
      limit: fc.constant(3),
    }),
    fc.record({
      kind: fc.constant('table' as const),
      ...base,
      columns: fc.constant(['eventTime']),
      sort: fc.constant('-eventTime'),
      limit: fc.constant(9),
    }),
    fc.record({ kind: fc.constantFrom('heat' as const, 'map' as const), ...base }),
  );

  test('fuzz: what is written is read as the same, and written again the same', () => {
    fc.assert(
      fc.property(
        fc.record({
          name: line,
          description: line,
          window: fc.constantFrom('', 'now-7d', '2026-11-24'),
          widgets: fc.array(widget, { maxLength: 6 }),
        }),
        (dashboard) => {
          const text = printDashboard(dashboard);
          expect(readDashboard(text)).toEqual(dashboard);
          expect(printDashboard(readDashboard(text))).toBe(text);
        },
      ),
      { numRuns: runs },
    );
  });

  const own = `# ours\n${head}widgets:\n  # first\n  - kind: heat # hot\n    title: x\n`;

  test('a widget is added behind the others, and comments stay', () => {
    const { yaml: text, reading } = addWidget(own, { kind: 'number', title: 'a: b', query: 'outcome: failure' });
    expect(text).toContain('# ours');
    expect(text).toContain('# first');
    expect(text).toContain('# hot');
    expect(reading).toEqual(lookAtDashboard(text));
    expect(reading.dashboard.widgets.map(({ title }) => title)).toEqual(['x', 'a: b']);
    expect(addWidget(`${head}widgets: []`, { kind: 'map', title: 'y' }).reading.dashboard.widgets).toHaveLength(1);
    expect(() => addWidget(own, { kind: 'number', title: 'y', query: 'outcom: x' })).toThrow(/outcom/);
    expect(() => addWidget('a: [', { kind: 'number', title: 'y' })).toThrow(AppError);
  });

  test('a new name leaves the rest', () => {
    const { yaml: text, reading } = renameDashboard(own, 'Night: two');
    expect(reading).toEqual(lookAtDashboard(text));
    expect(reading.dashboard?.name).toBe('Night: two');
    expect(text).toContain('# first');
  });
});

test('the dashboards that come with the product are dashboards, of every kind of widget', async () => {
  const shipped = await loadShippedDashboards();
  expect(shipped.map(({ id }) => id)).toEqual(['authentication', 'data-quality', 'directory-health']);
  const kinds = shipped.flatMap(({ dashboard }) => dashboard.widgets.map(({ kind }) => kind));
  expect(new Set(kinds)).toEqual(new Set(widgetKinds));
  for (const { dashboard } of shipped) expect(readDashboard(printDashboard(dashboard))).toEqual(dashboard);
});
