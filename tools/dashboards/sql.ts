/** Of the chosen sites and cameras. */
export const PLACE = `site_id ~ '^(\${site:regex})$' AND camera_id ~ '^(\${camera:regex})$'`;

/** Within the time that the dashboard shows. */
export const SPAN = (column: string) => `${column} BETWEEN $__timeFrom() AND $__timeTo()`;

export const DAY = (column: string) => `date_trunc('day', ${column})`;
