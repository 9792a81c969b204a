import { describe, expect, it } from 'vitest';
import { TagdistillError } from '../../../src/core/errors.js';
import { stopError } from '../../../teacher/run/stop-error.js';

const KEPT = '5 answers are in out.journal.';

describe('stopError', () => {
  it('asks for space only where the disk refused', () => {
    const full = new TagdistillError('E_FILE_WRITE', 'ENOSPC');
    const changed = new TagdistillError('E_FILE_FORMAT', 'a line has changed');
    const stop = (cause: TagdistillError) =>
      stopError({ kind: 'journal', message: cause.message, cause }, KEPT);
    expect(stop(full)).toMatchObject({ code: 'E_FILE_WRITE', hint: `Free some space. ${KEPT}`, cause: full });
    expect(stop(changed)).toMatchObject({ code: 'E_FILE_FORMAT', hint: KEPT, cause: changed });
    const bare = stopError({ kind: 'journal', message: 'EIO', cause: new Error('EIO') }, KEPT);
    expect(bare).toMatchObject({ code: 'E_FILE_WRITE', hint: `Free some space. ${KEPT}` });
  });

  it('names the option to look at for each class of failure', () => {
    const hintOf = (failure: 'bad_key' | 'no_model' | 'timeout' | 'rate_limit') =>
      stopError({ kind: 'endpoint', message: 'no', failure, cause: null }, KEPT).hint;
    expect(hintOf('bad_key')).toContain('--api-key-env');
    expect(hintOf('no_model')).toContain('--base-url');
    expect(hintOf('timeout')).toContain('--timeout');
    expect(hintOf('rate_limit')).toContain('--rpm');
    expect(hintOf('rate_limit')).toContain(KEPT);
  });

  it('tells of an interruption as one, with what the caller gave as its reason', () => {
    const cause = new Error('Ctrl-C');
    const error = stopError({ kind: 'interrupted', message: 'the run was stopped', cause }, KEPT);
    expect(error).toMatchObject({ code: 'E_ABORTED', hint: KEPT, cause });
  });
});
