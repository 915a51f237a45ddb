// stateBefore(): what a removal destroys of a person, kept for undo.
import type { Person } from '../model.ts';

/** Product access as far as the generation tells. */
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
