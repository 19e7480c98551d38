import type { PageCamera } from '../contract/page-camera.ts';
import type { Sql } from '../db/sql.ts';

/** A camera of the page, and when it was changed last. */
export type StoredCamera = PageCamera & Readonly<{ changed_at: Date }>;

const COLUMNS = 'id, site, state, revision::float8 AS revision, settings, secrets, changed_at';

/** Higher than any before, also after a backup was put back or the camera was removed: as long as the clock goes on. */
const NEXT = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/** All cameras of the page that are not removed, by id. */
export function listPageCameras(sql: Sql): Promise<readonly StoredCamera[]> {
  return sql.query(`SELECT ${COLUMNS} FROM page_cameras WHERE state <> 'removed' ORDER BY id`);
}

export async function findPageCamera(sql: Sql, id: string): Promise<StoredCamera | undefined> {
  const [camera] = await sql.query<StoredCamera>(
    `SELECT ${COLUMNS} FROM page_cameras WHERE id = $1 AND state <> 'removed'`,
    [id],
  );
  return camera;
}

type Wanted = Pick<PageCamera, 'id' | 'site' | 'settings' | 'secrets'>;

/** Adds a camera; false where there is one of that id. */
export async function addPageCamera(sql: Sql, { id, site, settings, secrets }: Wanted): Promise<boolean> {
  const added = await sql.query(
    `INSERT INTO page_cameras AS old (id, site, state, revision, settings, secrets)
     VALUES ($1, $2, 'running', ${NEXT}, $3::jsonb, $4)
     ON CONFLICT (id) DO UPDATE SET site = EXCLUDED.site, state = 'running', settings = EXCLUDED.settings,
       secrets = EXCLUDED.secrets, revision = greatest(EXCLUDED.revision, old.revision + 1), told = false, changed_at = now()
     WHERE old.state = 'removed' RETURNING id`,
    [id, site, JSON.stringify(settings), secrets],
  );
  return added.length > 0;
}

/** Changes a camera as it was at `revision`; false where somebody else was faster. */
export async function changePageCamera(
  sql: Sql,
  {
    id,
    revision,
    ...to
  }: Pick<PageCamera, 'id' | 'revision'> & Partial<Pick<PageCamera, 'site' | 'state' | 'settings' | 'secrets'>>,
): Promise<boolean> {
  const values = [id, revision, to.site ?? null, to.state ?? null, to.settings && JSON.stringify(to.settings)];
  const changed = await sql.query(
    `UPDATE page_cameras SET site = coalesce($3, site), state = coalesce($4, state),
       settings = coalesce($5::jsonb, settings), secrets = CASE WHEN $6 THEN $7 ELSE secrets END,
       revision = greatest(${NEXT}, revision + 1), told = false, changed_at = now()
     WHERE id = $1 AND revision = $2 AND state <> 'removed' RETURNING id`,
    [...values, to.secrets !== undefined, to.secrets ?? null],
  );
  return changed.length > 0;
}

/** Cameras of which the edges have not been told, removed ones among them; all of them where `isAll`. */
export function listUntold(sql: Sql, isAll: boolean): Promise<readonly StoredCamera[]> {
  return sql.query(`SELECT ${COLUMNS} FROM page_cameras WHERE $1 OR NOT told ORDER BY id`, [isAll]);
}

/** The edges have been told of these revisions: removed cameras go now. */
export async function noteTold(sql: Sql, told: readonly Pick<PageCamera, 'id' | 'revision'>[]): Promise<void> {
  const [ids, revisions] = [told.map(({ id }) => id), told.map(({ revision }) => revision)];
  const which = '(id, revision) IN (SELECT * FROM unnest($1::text[], $2::bigint[]))';
  await sql.query(`DELETE FROM page_cameras WHERE state = 'removed' AND ${which}`, [ids, revisions]);
  await sql.query(`UPDATE page_cameras SET told = true WHERE NOT told AND ${which}`, [ids, revisions]);
}
