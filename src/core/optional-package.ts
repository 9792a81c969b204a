import { TagdistillError, messageOf } from './errors.js';

/**
 * Load a package that is not installed with this one.
 *
 * @param load imports it, as `() => import('name')`, so that its types are known
 * @throws TagdistillError `E_PACKAGE_MISSING` where it, or something it needs, is absent or does not load
 */
export async function importOptional<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
    const reason = isAbsent ? 'is not installed' : `does not load: ${messageOf(cause)}`;
    throw new TagdistillError('E_PACKAGE_MISSING', `the package ${name} ${reason}`, {
      hint: `Run: npm install ${name}`,
      cause,
    });
  }
}
