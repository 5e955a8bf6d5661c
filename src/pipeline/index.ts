export { drop, keep, type Outcome, reject } from './outcome.ts';
export {
  createPipeline,
  type Normalize,
  type Pipeline,
  type PipelineCounts,
  type PipelineSink,
  type Refusal,
  type Stage,
} from './pipeline.ts';
