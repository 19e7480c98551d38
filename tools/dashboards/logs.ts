/** Lines of our services, taken apart. */
export const LINES = '{service=~".+"} | json';
export const WARNINGS = `${LINES} | level=~"warn|error"`;
export const ERRORS = `${LINES} | level="error"`;
