// Where client or simulated organization differ from the published facts on purpose, and why.

export interface Deviation {
  /** A violation as test/support/specification.ts words it. */
  readonly matches: RegExp;
  readonly reason: string;
}

export const deviations: readonly Deviation[] = [
  {
    matches: /^POST \/v2\/\S+\/users\/\{accountId\}\/(suspend|restore): body: published without one$/,
    reason: 'v2 was seen to answer 415 to a POST without a JSON body, so the client sends an empty object',
  },
  {
    matches: /^POST \/v2\/\S+ 415: status 415 is not published$/,
    reason: 'the list of codes has ADMIN-UAM-415-1 and v2 was seen to send it; no operation lists the status',
  },
  {
    matches: / 404: body\/(timestamp|path|status|error|requestId|message): not in the document$/,
    reason: 'the gateway answers for a path that nobody serves, in an envelope that was seen and is not published',
  },
  {
    matches: / (401|429): body\/(code|message): not in the document$/,
    reason: 'the gateway answers for the key and the rate, in the envelope of the published prose, not of the schema',
  },
  {
    matches: /^GET \/v2\/orgs\/\{orgId\}\/directories 404: status 404 is not published$/,
    reason: 'the gateway answers so for an organization without v2, which the client must tell from a refusal',
  },
  {
    matches: /^GET \/v2\/\S+ 403: status 403 is not published$/,
    reason: 'a key of another organization is refused with ADMIN-UAM-403-2 everywhere; four reads do not list 403',
  },
  {
    matches: /^GET \/v1\/orgs\/\{orgId\}\/events(-stream)? 403: status 403 is not published$/,
    reason:
      'a key of another organization is refused with 403 everywhere; the lists of events name neither 403 nor 404',
  },
  {
    matches: / 200: body\/data\/n\/accountType: must be equal to one of the allowed values$/,
    reason: 'only "atlassian" is published; accounts of apps and portal customers were seen, and none may be chosen',
  },
  {
    matches: / 200: body\/data\/n\/roleAssignments\/n\/role: must be equal to one of the allowed values$/,
    reason: 'the list of roles grows (viewer is documented in prose); undo must name a role that it does not know',
  },
  {
    matches: /^DELETE \/v1\/orgs\/\{orgId\}\/directory\/users\/\{accountId\} 404: status 404 is not published$/,
    reason: 'no status is published for a person who is not there; the client must not take any for a failure',
  },
  {
    matches: /^DELETE \/v1\S+\/groups\/\{groupId\}: query forceIfNotEmpty: not in the document$/,
    reason: 'the specification of the 13 operations names the parameter; the retired document leaves it out',
  },
  {
    matches: /^DELETE \/v1\/orgs\/\{orgId\}\/directory\/groups\/\{groupId\} 409: status 409 is not published$/,
    reason: 'the list of codes has ADMIN-409-5 (group not empty); no operation lists the status',
  },
];
