// Saved plans: the binding to an organization, and the hash that reveals changes.
import { createHash, type Hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** The organization and the time that a plan was made for. */
export interface PlanBinding {
  readonly org: string;
  /** Null on API v1, which has no directories. */
  readonly directory: string | null;
  /** ISO 8601, UTC. */
  readonly created: string;
}

/** The head of a saved plan as it was read. */
export interface SavedPlan extends PlanBinding {
  /** As stated in the file, in hex. */
  readonly sha256: string;
  /** False when the file was changed after it was saved. */
  readonly isIntact: boolean;
}

/**
 * SHA-256 over the lines of a plan: the binding, then each row, in the canonical form of JSON (RFC 8785), each with a line feed.
 * So spaces and the order of keys do not matter, and every value and the order of rows do. Rows are not held.
 */
export class PlanHash {
  readonly #hash: Hash = createHash('sha256');

  constructor({ org, directory, created }: PlanBinding) {
    this.add({ org, directory, created });
  }

  /** Throws for a value without a canonical form. */
  add(line: unknown): void {
    this.#hash.update(`${canonicalize(line)}\n`);
  }

  /** In hex; the last call. */
  digest(): string {
    return this.#hash.digest('hex');
  }
}

/** The text around the array of rows: `{"plan": {…}, "rows": [` and `]}`. */
export function planEnvelope(binding: PlanBinding, sha256: string): readonly [before: string, after: string] {
  return [`{"plan": ${JSON.stringify({ ...binding, sha256 })},\n"rows": `, '}\n'];
}

/** True for the first bytes of a saved plan, read as Latin-1. */
export function isPlanHead(head: string): boolean {
  return /^(?:\u00ef\u00bb\u00bf)?\s*\{\s*"plan"\s*:/.test(head);
}

/** The plan of a parsed document, checked against its rows; undefined when the document is not a plan. */
export function planOf(document: unknown): SavedPlan | undefined {
  const { plan, rows } = document as { plan?: unknown; rows?: unknown };
  if (typeof plan !== 'object' || plan === null || !Array.isArray(rows)) return undefined;
  const { org, directory, created, sha256, ...others } = plan as Readonly<Record<string, unknown>>;
  const isWhole = Object.keys(others).length === 0 && [org, created, sha256].every((each) => typeof each === 'string');
  if (!isWhole || (typeof directory !== 'string' && directory !== null)) return undefined;
  const binding = { org: String(org), directory, created: String(created) };
  return { ...binding, sha256: String(sha256), isIntact: hashOf(binding, rows) === sha256 };
}

function hashOf(binding: PlanBinding, rows: readonly unknown[]): string | undefined {
  const hash = new PlanHash(binding);
  try {
    for (const row of rows) hash.add(row);
  } catch {
    return undefined;
  }
  return hash.digest();
}
