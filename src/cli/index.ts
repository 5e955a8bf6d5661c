export { agentSources } from './agent-build.ts';
export { findConsole } from './console-build.ts';
export { type Setting, settingsTable } from './settings-table.ts';
