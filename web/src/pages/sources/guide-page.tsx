import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import * as v from 'valibot';
import { getGuide, guideAddress } from '../../api/sources.ts';
import { FormatList, VersionList } from '../../parts/formats-and-versions.tsx';
import { Bones, Failure } from '../../parts/states.tsx';
import './sources.css';

const rowSchema = v.object({
  sourceField: v.string(),
  label: v.string(),
  sample: v.string(),
  description: v.string(),
  since: v.string(),
});
const guideSchema = v.object({
  title: v.string(),
  mappingVersion: v.string(),
  about: v.array(v.string()),
  overview: v.array(v.string()),
  device: v.object({
    deviceType: v.string(),
    deviceVendor: v.string(),
    deviceProduct: v.string(),
    supportedVersions: v.array(v.object({ versions: v.string(), status: v.string(), about: v.string() })),
  }),
  supportedFormats: v.array(v.object({ name: v.string(), about: v.string() })),
  mappingNotes: v.array(v.string()),
  dataFieldMappings: v.array(rowSchema),
  extendedMappings: v.array(rowSchema),
  categories: v.array(v.object({ category: v.string(), about: v.string(), types: v.array(v.string()) })),
  gaps: v.array(v.string()),
});

type GuideRow = v.InferOutput<typeof rowSchema>;

/** The mapping guide of a source, on screen and for printing. */
export function GuidePage(): ReactNode {
  const { sourceId } = useParams({ from: '/sources/$sourceId' });
  const [sought, setSought] = useState('');
  const { data, error, refetch } = useQuery({
    queryKey: ['guide', sourceId],
    queryFn: ({ signal }) => getGuide(sourceId, guideSchema, signal),
  });
  if (error !== null) {
    return (
      <div className="page">
        <h1>Mapping guide</h1>
        <Failure error={error} what="The guide cannot be shown" retry={() => void refetch()} />
      </div>
    );
  }
  if (data === undefined) return <Bones rows={8} />;
  const { device } = data;
  return (
    <article className="page guide">
      <div className="page-head">
        <h1>{data.title}</h1>
        <div className="actions">
          <Button variant="default" onClick={() => window.print()}>
            Print
          </Button>
          <Button
            variant="default"
            component="a"
            href={guideAddress(sourceId, 'html')}
            target="_blank"
            rel="noreferrer"
          >
            As one page
          </Button>
          <Button variant="default" component="a" href={guideAddress(sourceId, 'md')} target="_blank" rel="noreferrer">
            Markdown
          </Button>
        </div>
      </div>
      <Paragraphs title="About this guide" texts={data.about} />
      <Paragraphs title="Overview" texts={data.overview} />
      <section>
        <h2>Device details</h2>
        <p>
          Type {device.deviceType}, vendor {device.deviceVendor}, product {device.deviceProduct}, mapping version{' '}
          {data.mappingVersion}.
        </p>
        <VersionList versions={device.supportedVersions} />
      </section>
      <section>
        <h2>Supported formats</h2>
        <FormatList formats={data.supportedFormats} />
      </section>
      <Paragraphs title="Data field mappings" texts={data.mappingNotes} />
      <input
        type="search"
        className="guide-search"
        aria-label="Find a field or label"
        placeholder="Find a field or label"
        value={sought}
        onChange={(event) => setSought(event.currentTarget.value)}
      />
      <MappingTable title="Labels of the public guide" rows={data.dataFieldMappings} sought={sought} />
      <MappingTable title="Extended labels" rows={data.extendedMappings} sought={sought} />
      <section className="panel">
        <header>
          <h2>Categories</h2>
        </header>
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                <th>Category</th>
                <th>About</th>
                <th>Types</th>
              </tr>
            </thead>
            <tbody>
              {data.categories.map(({ category, about, types }) => (
                <tr key={category}>
                  <td className="mono">{category}</td>
                  <td>{about}</td>
                  <td className="mono">{types.join(', ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <Paragraphs title="What the records do not say" texts={data.gaps} />
    </article>
  );
}

function Paragraphs({ title, texts }: { readonly title: string; readonly texts: readonly string[] }): ReactNode {
  return (
    <section className="prose">
      <h2>{title}</h2>
      {texts.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </section>
  );
}

function MappingTable({
  title,
  rows,
  sought,
}: {
  readonly title: string;
  readonly rows: readonly GuideRow[];
  readonly sought: string;
}): ReactNode {
  const folded = sought.trim().toLowerCase();
  const shown = rows.filter((row) =>
    `${row.sourceField} ${row.label} ${row.description}`.toLowerCase().includes(folded),
  );
  return (
    <section className="panel">
      <header>
        <h2>{title}</h2>
        <span className="muted">
          {shown.length === rows.length ? rows.length : `${shown.length} of ${rows.length}`} rows
        </span>
      </header>
      <div className="scroll-x">
        <table className="plain-table">
          <thead>
            <tr>
              <th>Source field</th>
              <th>Label</th>
              <th>Sample</th>
              <th>Description</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={`${row.sourceField} ${row.label}`}>
                <td className="mono">{row.sourceField}</td>
                <td className="mono">{row.label}</td>
                <td className="mono guide-sample">{row.sample}</td>
                <td>
                  {row.description}
                  {row.since !== '' && <span className="muted"> From release {row.since} on.</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
