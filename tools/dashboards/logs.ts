/** Of the lines of our services; level, service and site are labels that deploy/alloy gives them. */
const OURS = 'service=~".+",site=~"$site"';

export const LINES = `{${OURS}}`;
export const WARNINGS = `{${OURS},level=~"warn|error"}`;
export const ERRORS = `{${OURS},level="error"}`;

/** Lines with their fields, so that one about an event leads to its trace. */
export const takeApart = (lines: string) => `${lines} | json`;
