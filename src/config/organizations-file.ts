// Reads the list of organizations for --organizations: YAML or JSON, each entry the flags of one run.
import { resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { InputError, LeaversError } from '../errors.ts';
import { readInput } from '../storage/input-file.ts';
import { describeSchemaError } from '../manifest/job/schema-errors.ts';

const entry = z.strictObject({
  name: z.string().regex(/^[\w.-]{1,64}$/, 'letters, digits, dots and dashes'),
  orgId: z.string().min(1),
  apiKeyFile: z.string().min(1),
  manifests: z.array(z.string().min(1)).min(1),
  report: z.string().min(1),
  job: z.string().min(1).optional(),
  baseUrl: z.string().optional(),
  accountUrl: z.string().optional(),
  api: z.enum(['auto', 'v1', 'v2']).optional(),
  directory: z.string().optional(),
  rate: z.string().optional(),
  protect: z.string().optional(),
  metricsFile: z.string().optional(),
});
const file = z.strictObject({ organizations: z.array(entry).min(1) });

/** One entry of the list; its fields are named like the flags. */
export type OrganizationEntry = Readonly<z.infer<typeof entry>>;

/** Reads the list. Throws `missing` (66), or InputError naming the entry, the field and what is allowed. */
export async function readOrganizations(path: string): Promise<readonly OrganizationEntry[]> {
  const bytes = await readInput(path).catch((error: NodeJS.ErrnoException) => {
    throw new LeaversError('missing', `${path}: the list of organizations can't be read (${error.code})`);
  });
  const text = bytes.toString('utf8');
  const document = parseDocument(text, { uniqueKeys: true });
  const [broken] = document.errors;
  if (broken !== undefined)
    throw new InputError(`${path}:${broken.linePos?.[0].line ?? 1}: ${broken.message.split('\n')[0]}`);
  const parsed = file.safeParse(contentOf(path, document), { reportInput: true });
  const otherwise =
    'is not a list; start with organizations: and an entry for each, as in jobs/kubernetes/many-organizations/organizations.yaml';
  if (!parsed.success)
    throw new InputError(describeSchemaError(parsed.error.issues, { path, text, shape: file, otherwise }));
  refuseShared(path, parsed.data.organizations);
  return parsed.data.organizations;
}

/** The document as data. Throws InputError for aliases that expand without limit or into themselves. */
function contentOf(path: string, document: ReturnType<typeof parseDocument>): unknown {
  try {
    const content: unknown = document.toJS();
    JSON.stringify(content);
    return content;
  } catch (error) {
    const [first] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new InputError(`${path}: the list can't be expanded (${first}); write each entry out, without aliases`);
  }
}

/** Refuses two entries with the same name, organization or report: they would share a rate limit or overwrite each other's journal. */
function refuseShared(path: string, entries: readonly OrganizationEntry[]): void {
  for (const field of ['name', 'orgId', 'report'] as const) {
    const seen = new Map<string, string>();
    for (const each of entries) {
      const value = field === 'report' ? resolve(each.report) : each[field].trim().toLowerCase();
      const other = seen.get(value);
      if (other !== undefined)
        throw new InputError(
          `${path}: ${other} and ${each.name} have the same ${field} (${each[field]}); list each organization once, with its own report`,
        );
      seen.set(value, each.name);
    }
  }
}
