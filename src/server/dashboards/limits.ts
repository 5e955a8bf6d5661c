/** Limits of a dashboard's document, each with its unit. Reaching one is a problem with its place. */
export const dashboardLimits = {
  /** Characters of the text. */
  textLength: 65_536,
  /** Times aliases may be followed: more is a bomb. */
  aliases: 50,
  widgets: 40,
  /** Lists and maps within one another in a widget that is to be added: a widget itself has two. */
  widgetNesting: 8,
  nameLength: 128,
  descriptionLength: 1_024,
  titleLength: 120,
  queryLength: 16_384,
  /** Problems told at a time. */
  problems: 20,
  /** Series of a trend. */
  series: 8,
  /** Labels events are grouped by. */
  labels: 4,
  measures: 4,
  columns: 10,
  rows: 100,
} as const;
