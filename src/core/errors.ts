/** Every code a {@link TagdistillError} can carry. */
export type ErrorCode =
  | 'E_FILE_MISSING'
  | 'E_FILE_EMPTY'
  | 'E_FILE_FORMAT'
  | 'E_FILE_EXISTS'
  | 'E_FILE_WRITE'
  | 'E_BAD_ROW'
  | 'E_NO_ROWS'
  | 'E_BAD_OPTION'
  | 'E_BAD_K'
  | 'E_BAD_INPUT'
  | 'E_BUNDLE_MISSING'
  | 'E_BUNDLE_VERSION'
  | 'E_BUNDLE_CHECKSUM'
  | 'E_BUNDLE_FORMAT'
  | 'E_ANSWER_FORMAT'
  | 'E_TEACHER'
  | 'E_QUALITY_GATE'
  | 'E_PACKAGE_MISSING'
  | 'E_ENCODER'
  | 'E_CLOSED'
  | 'E_OUT_OF_MEMORY'
  | 'E_WORKER_DIED'
  | 'E_ABORTED';

export interface TagdistillErrorOptions {
  /** The next step, as an imperative sentence. */
  readonly hint?: string;
  readonly file?: string;
  /** 1-based line in a text file. */
  readonly line?: number;
  /** 0-based row in a table file. */
  readonly row?: number;
  readonly cause?: unknown;
}

/** The one error this package throws on purpose: a code, what was found and where, and the next step. */
export class TagdistillError extends Error {
  override readonly name = 'TagdistillError';
  readonly hint: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly row: number | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    { hint, file, line, row, cause }: TagdistillErrorOptions = {},
  ) {
    super(describePlace(file, line, row) + message, cause === undefined ? undefined : { cause });
    this.hint = hint;
    this.file = file;
    this.line = line;
    this.row = row;
  }
}

function describePlace(file?: string, line?: number, row?: number): string {
  if (file === undefined) return '';
  if (line !== undefined) return `${file}:${line}: `;
  return row === undefined ? `${file}: ` : `${file}, row ${row}: `;
}

/** The message of anything thrown, for use inside another message. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
