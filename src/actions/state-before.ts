// stateBefore, emailBefore: the parts of a person that a removal destroys, for the report and for undo.
import type { Person } from '../model.ts';

/** Product access, as far as this API generation shows it. */
function productsOf({ products, shownProducts }: Person): Person['products'] {
  return products ?? shownProducts;
}

/** The parts of a person that a report keeps. */
export function stateBefore(person: Person) {
  const { email, groups, platformRoles, status } = person;
  const products = productsOf(person);
  return {
    ...(email === undefined ? {} : { email }),
    ...(groups === undefined ? {} : { groups }),
    ...(products === undefined ? {} : { products }),
    ...(platformRoles === undefined ? {} : { platformRoles }),
    status,
  };
}

/** The e-mail that a person had before the row of this `result`; the row itself may name only the account. */
export function emailBefore(result: unknown): string | undefined {
  const email = ((result ?? {}) as { before?: { email?: unknown } | null }).before?.email;
  return typeof email === 'string' ? email : undefined;
}
