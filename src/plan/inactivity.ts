// notInactive: decides whether a person is certainly inactive.
import type { Activity, Person } from '../model.ts';

const day = 86_400_000;

/** The facts and the condition: `days` without activity, in the named products or in all. */
export interface Inactivity {
  readonly person: Person | undefined;
  readonly activity: Activity | 'unread' | undefined;
  readonly products: readonly string[] | undefined;
  readonly days: number;
  readonly now: number;
}

/** Why the person does not count as inactive, or undefined if the inactivity is certain. */
export function notInactive({ person, activity, products, days, now }: Inactivity): string | undefined {
  if (person?.accountType !== undefined && person.accountType !== 'atlassian')
    return `an account of type ${person.accountType}, not a person's`;
  if (activity === 'unread' || activity === undefined)
    return 'unknown activity: it could not be read, so nothing is changed';
  const limit = now - days * day;
  const added = instant(activity.addedToOrg ?? person?.addedToOrg ?? '');
  if (Number.isNaN(added)) return 'unknown activity: the API does not say when the account was added';
  if (added > limit) return `added less than ${days} days ago`;
  // v1 lists the products that a person has used; its search lists those that they have access to.
  const personProducts = [...activity.products, ...(person?.shownProducts ?? [])];
  const unknownProduct = products?.find(
    (name) => !isKnown(name) && !personProducts.some(({ key }) => isProduct(key, name)),
  );
  if (unknownProduct !== undefined)
    return `unknown activity: "${unknownProduct}" is neither a product of this person nor a known product`;
  const relevantProducts = personProducts.filter(({ key }) => products?.some((name) => isProduct(key, name)) ?? true);
  // A person without access to a product has no seat to free.
  if (products !== undefined && relevantProducts.length === 0) return `no access to ${products.join(' or ')} is known`;
  const dates = relevantProducts.flatMap(({ lastActive }) => (lastActive === null ? [] : [latest(lastActive)]));
  if (dates.some(Number.isNaN)) return "unknown activity: a date of the API can't be read";
  const last = Math.max(...dates);
  return last > limit ? `active on ${new Date(last).toISOString().slice(0, 10)}` : undefined;
}

/** Epoch ms of an ISO date or date-time, else NaN. Strict, because a lenient parser finds a date in almost any text. */
function instant(text: string): number {
  return /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?$/.test(text) ? Date.parse(text) : Number.NaN;
}

/** The latest moment that a date can mean: a day without a time lasts until its end. */
function latest(text: string): number {
  return instant(text) + (text.includes('T') ? 0 : day - 1);
}

/** Product keys that Atlassian documents. The list is open: another name counts if a person has that product. */
const documented =
  'jira-software jira-service-desk jira-servicedesk jira-core jira-ops jira-product-discovery stride hipchat confluence bitbucket trello opsgenie statuspage';

function isKnown(name: string): boolean {
  return documented.split(' ').some((key) => isProduct(key, name));
}

/** Whether a product of the API is certainly the named one. */
export function namesProduct(key: string, name: string): boolean {
  return key !== '' && isProduct(key, name);
}

/** The API spells one product in several ways, and people name families: `jira` means every Jira. In case of doubt, a product counts. */
function isProduct(key: string, name: string): boolean {
  const [product, wanted] = [key, name].map((each) => each.toLowerCase().replaceAll('-', ''));
  return key === '' || product === wanted || key.toLowerCase().startsWith(`${name}-`);
}
