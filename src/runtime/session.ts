import * as ort from 'onnxruntime-node';

/**
 * Open an inference session that shares its cores: idle threads sleep instead of spinning.
 *
 * @param threads intra-op threads; 1 gives the same sums whatever runs beside it
 */
export async function openSession(model: Uint8Array, { threads = 1 } = {}): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
}
