import { sharePage } from '../servers/shared.ts';

/** A built page in a folder that others read too. */
export type BuiltPage = Readonly<{ folder: string }> & AsyncDisposable;

/** The page as `npm run build:page` builds it, once for this run: no test sees an old one. */
export async function buildPage(): Promise<BuiltPage> {
  const { folder } = await sharePage();
  return { folder, async [Symbol.asyncDispose]() {} };
}
