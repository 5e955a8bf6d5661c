import * as v from 'valibot';

/** Schemas of what people set about a profile, and of its parts. */
export const source = v.object({
  source: v.string(),
  logs: v.array(v.string()),
  paths: v.array(v.string()),
  format: v.picklist(['auto', 'text', 'json']),
  start: v.string(),
  zone: v.string(),
  encoding: v.literal('utf-8'),
});
export const collector = v.object({
  kind: v.picklist(['syslog-udp', 'syslog-tcp', 'syslog-tls', 'json-tcp']),
  listen: v.string(),
  source: v.string(),
  log: v.string(),
  zone: v.string(),
  senders: v.array(v.string()),
});
export const limits = v.object({
  batchRecords: v.number(),
  batchBytes: v.number(),
  intervalMs: v.number(),
  linesPerSecond: v.nullable(v.number()),
  spoolBytes: v.number(),
  spoolAgeHours: v.number(),
});
export const blackout = v.object({
  days: v.array(v.picklist(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])),
  from: v.string(),
  to: v.string(),
  zone: v.string(),
});
const assets = v.object({
  tags: v.array(v.string()),
  excludeTags: v.array(v.string()),
  hosts: v.array(v.string()),
  excludeHosts: v.array(v.string()),
});
export const content = v.object({
  name: v.string(),
  description: v.string(),
  platform: v.literal('linux'),
  enabled: v.boolean(),
  isDefault: v.boolean(),
  priority: v.number(),
  assets,
  profile: v.object({
    sources: v.array(source),
    collectors: v.array(collector),
    limits,
    blackouts: v.array(blackout),
  }),
});

/** What people set about a profile. */
export type ProfileContent = v.InferOutput<typeof content>;
export type ProfileSource = v.InferOutput<typeof source>;
export type ProfileCollector = v.InferOutput<typeof collector>;
export type ProfileLimits = v.InferOutput<typeof limits>;
export type Blackout = v.InferOutput<typeof blackout>;
export type Weekday = Blackout['days'][number];
