export { drop, keep, type Outcome, reject } from './outcome.ts';
export { createPipeline, type Pipeline, type PipelineCounts, type PipelineSink, type Stage } from './pipeline.ts';
