export { type Setting, settingsTable } from './settings-table.ts';
