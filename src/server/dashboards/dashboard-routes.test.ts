import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ndjson, openTestServer, sampleRecords, type TestServer, testToken } from '../test-server.ts';

let server: TestServer;
let cookies: Readonly<Record<'anna' | 'bert' | 'vera', string>>;
const ids = new Map<string, string>();
beforeAll(async () => {
  server = await openTestServer();
  const cookieOf = async (name: string, role: 'analyst' | 'viewer'): Promise<string> => {
    const { id } = await server.catalog.users.create({ name, displayName: name, role });
    ids.set(name, id);
    const life = { idleMs: 3_600_000, lifeMs: 3_600_000 };
    const session = { userId: id, method: 'password', address: '', program: '' } as const;
    return `meridian-session=${(await server.catalog.sessions(life).begin(session)).secret}`;
  };
  cookies = {
    anna: await cookieOf('anna', 'analyst'),
    bert: await cookieOf('bert', 'analyst'),
    vera: await cookieOf('vera', 'viewer'),
  };
});
afterAll(() => server.close());

type Who = 'anna' | 'bert' | 'vera' | 'token';

async function ask(
  who: Who,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object | string,
  more: Readonly<Record<string, string>> = {},
) {
  const headers =
    who === 'token'
      ? { authorization: `Bearer ${testToken}` }
      : { cookie: cookies[who], 'sec-fetch-site': 'same-origin' };
  return server.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { ...headers, ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}), ...more },
    ...(body === undefined ? {} : { payload: body }),
  });
}

const yaml = (name: string): string => `# ${name}
meridianDashboard: 1
name: ${name}
widgets:
  - kind: number
    title: Failures
    query: 'outcome: failure'
`;

/** A request, as JSON, to add a widget whose title is what stands between the brackets. */
function deep(open: string, close: string): string {
  return `{"yaml":${JSON.stringify(yaml('Deep'))},"add":{"kind":"heat","title":${open}1${close}}}`;
}

describe('dashboards over the API', () => {
  test('are kept with their comments, shared, changed, exported and removed', async () => {
    const made = (await ask('anna', 'POST', '/dashboards', { yaml: yaml('Night Shift'), shared: false })).json();
    expect(made).toMatchObject({
      name: 'Night Shift',
      widgets: 1,
      own: true,
      shipped: false,
      yaml: yaml('Night Shift'),
    });
    const path = `/dashboards/${made.id}`;
    expect((await ask('bert', 'GET', path)).json().error.code).toBe('dashboard-unknown');
    const put = await ask('anna', 'PUT', path, { yaml: yaml('Night Shift 2'), shared: true });
    expect(put.json()).toMatchObject({ name: 'Night Shift 2', shared: true });
    expect((await ask('vera', 'GET', path)).json()).toMatchObject({ own: false, owner: 'anna' });
    const exported = await ask('vera', 'GET', `${path}/export`);
    expect(exported.body).toBe(yaml('Night Shift 2'));
    expect(exported.headers['content-type']).toMatch(/^application\/yaml/);
    expect(exported.headers['content-disposition']).toBe('attachment; filename="night-shift-2.yaml"');
    const listed = (await ask('bert', 'GET', '/dashboards')).json().dashboards;
    expect(listed.map(({ name, shipped }: { name: string; shipped: boolean }) => [name, shipped])).toEqual([
      ['Authentication', true],
      ['Data quality', true],
      ['Directory health', true],
      ['Night Shift 2', false],
    ]);
    expect((await ask('bert', 'PUT', path, { yaml: yaml('Mine'), shared: true })).json().error.code).toBe(
      'dashboard-foreign',
    );
    expect((await ask('bert', 'DELETE', path)).json().error.code).toBe('dashboard-foreign');
    expect((await ask('anna', 'DELETE', path)).json()).toMatchObject({ yaml: yaml('Night Shift 2'), shared: true });
    expect((await ask('anna', 'GET', path)).statusCode).toBe(404);
  });

  test('that come with the product are seen by all and changed by nobody', async () => {
    const one = (await ask('vera', 'GET', '/dashboards/authentication')).json();
    expect(one).toMatchObject({ shipped: true, own: false, name: 'Authentication' });
    for (const method of ['PUT', 'DELETE'] as const) {
      const answer = await ask('token', method, '/dashboards/authentication', { yaml: one.yaml, shared: true });
      expect(answer.json().error.code).toBe('dashboard-shipped');
    }
    const copied = await ask('anna', 'POST', '/dashboards', { yaml: one.yaml, shared: false });
    expect(copied.json()).toMatchObject({ name: 'Authentication', shipped: false });
    const again = await ask('anna', 'POST', '/dashboards', { yaml: one.yaml, shared: false });
    expect([again.statusCode, again.json().error.code]).toEqual([409, 'dashboard-name-taken']);
  });

  test('that are wrong are refused with their place, and checked without being kept', async () => {
    const wrong = yaml('Wrong').replace('outcome:', 'outcom:');
    const refused = await ask('anna', 'POST', '/dashboards', { yaml: wrong, shared: false });
    expect(refused.statusCode).toBe(400);
    expect(refused.json().error).toMatchObject({
      code: 'dashboard-invalid',
      message: expect.stringMatching(/^Line 7, column 13 \(widgets\[0\]\.query\): /),
      place: { line: 7, field: 'widgets[0].query', expected: expect.stringContaining('outcome') },
    });
    const checked = (await ask('anna', 'POST', '/dashboards/check', { yaml: wrong })).json();
    expect(checked.dashboard).toBeUndefined();
    expect(checked.problems).toMatchObject([{ code: 'unknown-field', line: 7, column: 13, path: 'widgets[0].query' }]);
    const add = { kind: 'top', title: 'Who', by: ['boundDn'] };
    const added = (await ask('anna', 'POST', '/dashboards/check', { yaml: yaml('Right'), name: 'Copy', add })).json();
    expect(added).toMatchObject({
      problems: [],
      dashboard: { name: 'Copy', widgets: [{}, { by: ['boundDn'], limit: 10 }] },
    });
    expect(added.yaml).toContain('# Right');
    const bad = await ask('anna', 'POST', '/dashboards/check', { yaml: yaml('Right'), add: { kind: 'top', title: 3 } });
    expect(bad.json().error.code).toBe('dashboard-invalid');
    expect((await ask('vera', 'POST', '/dashboards/check', { yaml: wrong })).statusCode).toBe(403);
    expect((await ask('vera', 'POST', '/dashboards', { yaml: yaml('Hers'), shared: false })).statusCode).toBe(403);
    expect(
      (await ask('anna', 'POST', '/dashboards', { yaml: 'x'.repeat(70_000), shared: false })).json().error.message,
    ).toMatch(/longer than 65536/);
  });

  test.each([
    ['a text of brackets', { yaml: '['.repeat(60_000), add: {} }, /nests too deep/],
    ['a text of brackets, with a name', { yaml: '['.repeat(60_000), name: 'x' }, /nests too deep/],
    ['a text that is too long', { yaml: '['.repeat(100_000), add: {} }, /longer than 65536/],
    ['a widget of brackets', deep('['.repeat(30_000), ']'.repeat(30_000)), /nests too deep/],
    ['a widget of braces', deep('{"a":'.repeat(10_000), '}'.repeat(10_000)), /nests too deep/],
    ['a widget a little too deep', deep('['.repeat(60), ']'.repeat(60)), /nests too deep/],
  ])('are not given %s', async (_what, body, message) => {
    const before = performance.now();
    const { error } = (await ask('anna', 'POST', '/dashboards/check', body)).json();
    expect(error.code).toBe('dashboard-invalid');
    expect(error.message).toMatch(message);
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  test('that stopped being dashboards are shown with what is wrong, given out and removed', async () => {
    const text = yaml('Old').replace('outcome:', 'gone:');
    const content = { name: 'Old', description: '', widgets: 1, yaml: text, shared: false };
    const { id } = await server.catalog.dashboards.create({ id: ids.get('anna') ?? '', name: 'anna' }, content);
    const shown = await ask('anna', 'GET', `/dashboards/${id}`);
    expect(shown.statusCode).toBe(200);
    expect(shown.json()).toMatchObject({
      name: 'Old',
      yaml: text,
      problems: [{ code: 'unknown-field', line: 7, path: 'widgets[0].query' }],
    });
    expect(shown.json().dashboard).toBeUndefined();
    const exported = await ask('anna', 'GET', `/dashboards/${id}/export`);
    expect([exported.statusCode, exported.body]).toEqual([200, text]);
    const removed = await ask('anna', 'DELETE', `/dashboards/${id}`);
    expect(removed.statusCode).toBe(200);
    expect(removed.json()).toMatchObject({ name: 'Old', yaml: text, own: true });
    expect((await ask('anna', 'GET', `/dashboards/${id}`)).statusCode).toBe(404);
  });

  test('a change that says what it is based on is made only when nothing came between', async () => {
    const made = (await ask('anna', 'POST', '/dashboards', { yaml: yaml('Based'), shared: false })).json();
    const put = (name: string, version: string) =>
      ask('anna', 'PUT', `/dashboards/${made.id}`, { yaml: yaml(name), shared: false }, { 'if-match': version });
    const changed = await put('Based 2', `"${made.updatedAt}"`);
    expect(changed.statusCode).toBe(200);
    const late = await put('Based 3', `"${made.updatedAt}"`);
    expect([late.statusCode, late.json().error.code]).toEqual([409, 'catalog-conflict']);
    expect((await ask('anna', 'GET', `/dashboards/${made.id}`)).json().name).toBe('Based 2');
    expect((await put('Based 3', 'yesterday')).json().error.code).toBe('request-invalid');
    await ask('anna', 'DELETE', `/dashboards/${made.id}`);
  });
});

describe('measures over the API', () => {
  test('groups and histograms are measured, and a wrong measure is told', async () => {
    await server.app.inject({
      method: 'POST',
      url: '/api/v1/records',
      headers: { authorization: `Bearer ${testToken}`, 'content-type': 'application/x-ndjson' },
      payload: ndjson(sampleRecords(40)),
    });
    const q = 'eventSubType: RESULT';
    const measures = ['max(duration)', 'distinct(sourceIp)', 'avg(indexCount)'];
    const group = await ask('vera', 'POST', '/events/group', { q, by: ['outcome'], measures, order: 0 });
    expect(group.json()).toMatchObject({
      measures,
      groups: [{ count: 5, measured: [0.001, 5, null] }, { measured: [0.001, 5, null] }],
    });
    const get = await ask('vera', 'GET', `/events/group?q=${encodeURIComponent(q)}&by=outcome&measures=max(duration)`);
    expect(get.json().groups[0].measured).toEqual([0.001]);
    const histogram = await ask('vera', 'POST', '/events/histogram', {
      q,
      by: 'outcome',
      intervalMs: 3_600_000,
      measure: 'p95(duration)',
    });
    const [bucket] = histogram.json().buckets;
    expect(bucket.measured).toBeCloseTo(0.001, 6);
    expect(bucket.partsMeasured.at(-1)).toBeNull();
    const wrong = await ask('vera', 'POST', '/events/group', { q, by: [], measures: ['sum(boundDn)'] });
    expect([wrong.statusCode, wrong.json().error.code]).toEqual([400, 'measure-invalid']);
    const beyond = await ask('vera', 'POST', '/events/group', { q, by: [], measures, order: 3 });
    expect([beyond.statusCode, beyond.json().error.code]).toEqual([400, 'option-invalid']);
  });
});
