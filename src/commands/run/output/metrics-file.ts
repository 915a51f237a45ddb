// Writes the metrics of a run. A failure is a warning and never changes how a run ends.
import { writeFile } from 'node:fs/promises';
import type { Context } from '../../../context.ts';
import { type MetricsOf, renderMetrics } from '../../../report/views/prometheus.ts';
import { replaceFile } from '../../../storage/replace-file.ts';
import { print } from '../../../terminal/output.ts';

/** Replaces the file in one step, so that a reader sees the old text or the new one. A failure is told and no more. */
export async function writeMetrics(path: string, of: MetricsOf, context: Context): Promise<void> {
  try {
    await replaceFile(path, (draft) => writeFile(draft, renderMetrics(of), { mode: 0o644, flag: 'wx' }), context);
  } catch (error) {
    await print(
      context.stderr,
      `warning: ${path}: the metrics could not be written (${(error as NodeJS.ErrnoException).code})`,
    );
  }
}
