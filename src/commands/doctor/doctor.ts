// `leavers doctor`: checks settings, network and API. One verdict per line; the exit code is that of the worst.
import { access, constants } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Context } from '../../context.ts';
import { exitCodes, worstExitCode, LeaversError } from '../../errors.ts';
import type { Settings } from '../../config/settings.ts';
import { type Check, checkAuditLog, checkClock, checkOrganization, checkReads, checkScopes } from './checks.ts';
import { describeLocalLocks } from '../disk-context.ts';
import { toAttemptError } from '../../client/network-error.ts';
import { openTransport } from '../../client/transport.ts';
import { buildUrl } from '../../client/attempt.ts';
import type { recordAnswers } from './record.ts';
import { makeFolder } from '../../storage/make-folder.ts';
import { refuseExisting } from '../../storage/new-file.ts';
import { localLocks, refusesLocks } from '../../storage/volume-locks.ts';
import { neutralize } from '../../text/sanitize.ts';
import { openSessionFor } from '../../session/open-session.ts';
import { paintFor, print, printData } from '../../terminal/output.ts';
import { listenForSignals } from '../../terminal/signals.ts';

export interface DoctorSettings extends Settings {
  /** Where to write how the API answers. */
  readonly record: string | undefined;
}

/** The exit code, and the organization's own name if it could be read. */
export interface Checked {
  readonly code: number;
  readonly orgName: string | undefined;
}

/** Prints the checks. `missing` settings are reported as failures, and checks that need them are skipped. */
export async function doctor(
  commandSettings: DoctorSettings,
  missing: Readonly<Partial<Record<string, LeaversError>>>,
  context: Context,
): Promise<Checked> {
  if (commandSettings.record !== undefined) refuseExisting(commandSettings.record, context);
  await using stack = new AsyncDisposableStack();
  const signals = stack.use(listenForSignals(context, (signal) => context.exit(exitCodes[signal])));
  const network = await checkNetwork(commandSettings, context);
  const settings = Object.entries(missing).flatMap(([name, error]) =>
    error === undefined ? [] : [failed(name, error)],
  );
  const isReady = network.verdict !== 'fail' && settings.length === 0;
  const checks = [
    network,
    await checkReports(commandSettings, context),
    ...settings,
    ...(isReady ? await remote(commandSettings, context, { stack, signal: signals.stop }) : []),
  ];
  if (commandSettings.run.json) await printData(context.stdout, JSON.stringify(checks, null, 2));
  else for (const check of checks) await print(context.stdout, line(check, context));
  const codes = checks.flatMap(({ verdict, exit = 'config' }) => (verdict === 'fail' ? [exitCodes[exit]] : []));
  return { code: worstExitCode(codes), orgName: checks.find(({ orgName }) => orgName !== undefined)?.orgName };
}

const marks = { ok: ['green', '✓'], warn: ['yellow', '!'], fail: ['red', '✗'] } as const;

function line({ name, verdict, message }: Check, context: Context): string {
  const [style, mark] = marks[verdict];
  const paint = paintFor(context.stdout, context.env);
  return `${paint(style, mark)} ${name.padEnd(14)}${verdict.padEnd(6)}${neutralize(message)}`;
}

async function remote(
  commandSettings: DoctorSettings,
  context: Context,
  open: Parameters<typeof openSessionFor>[2],
): Promise<Check[]> {
  try {
    const { organization, settings } = await openSessionFor(commandSettings, context, open);
    const key: Check = { name: 'key', verdict: 'ok', message: `accepted (${organization.key.fingerprint()})` };
    const { client, directory } = organization;
    const { org } = settings.api;
    const organizationCheck = await checkOrganization(client, org);
    // Without an organization there is nothing more to read.
    const reads =
      organizationCheck.verdict === 'fail'
        ? []
        : [
            await checkScopes(client, org),
            ...(await checkReads(directory)),
            await checkAuditLog(client, org, context.clock.now()),
          ];
    const { record } = commandSettings;
    const recorded = record === undefined ? [] : await recordInto(record, { client, at: directory.address, context });
    const limits = [checkClock(client.usage.date), limitCheck(client.usage.limit)];
    return [key, organizationCheck, ...reads, ...limits, ...recorded];
  } catch (error) {
    if (!(error instanceof LeaversError)) throw error;
    return [failed(error.kind === 'key' ? 'key' : 'organization', error)];
  }
}

/** Lazy import: the facts and the validator are large. */
async function recordInto(...args: Parameters<typeof recordAnswers>): Promise<Check[]> {
  return (await import('./record.ts')).recordAnswers(...args);
}

function failed(name: string, { kind, message }: LeaversError): Check {
  const exit = kind === 'key' || kind === 'config' || kind === 'missing' ? kind : 'stopped';
  return { name, verdict: 'fail', message, exit };
}

function limitCheck(limit: number | undefined): Check {
  const name = 'rate limit';
  if (limit === undefined)
    return { name, verdict: 'warn', message: 'the API sends no limit headers; only --rate applies' };
  return { name, verdict: 'ok', message: `${limit} requests per period, according to the API's headers` };
}

/** Whether a server answers at the base URL. Sends no key. The simulated organization needs no network. */
async function checkNetwork({ api, run }: Settings, context: Context): Promise<Check> {
  const proxy = checkProxy(context);
  if (proxy.verdict === 'fail' || run.sandbox !== false) return proxy;
  const { name, message } = proxy;
  const transport = openTransport({ connections: 1, env: context.env });
  const done = new AbortController();
  const timeout = new AbortController();
  void context.sleep(api.timeoutMs, done.signal).then(() => timeout.abort());
  try {
    const url = buildUrl(api.baseUrl, ['v1', 'orgs']);
    await (await transport.fetch(url, { redirect: 'manual', signal: timeout.signal })).body?.cancel();
    return { name, verdict: 'ok', message: `${url.host} answers, ${message}` };
  } catch (error) {
    const why = timeout.signal.aborted ? 'no response within the timeout' : reasonOf(error);
    return {
      name,
      verdict: 'fail',
      message: `${api.baseUrl.host} can't be reached (${message}): ${why}; check the network and the firewall, or set HTTPS_PROXY`,
      exit: 'stopped',
    };
  } finally {
    done.abort();
    await transport.close();
  }
}

function reasonOf(error: unknown): string {
  try {
    return toAttemptError(error).message;
  } catch (fatal) {
    return (fatal as Error).message;
  }
}

function checkProxy({ env }: Context): Check {
  const proxy = env['https_proxy'] || env['HTTPS_PROXY'];
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    return {
      name: 'network',
      verdict: 'fail',
      message:
        'NODE_TLS_REJECT_UNAUTHORIZED=0 lets anybody read the key; unset it, and name the certificate in NODE_EXTRA_CA_CERTS',
      exit: 'config',
    };
  }
  // The address of a proxy may hold a password, so only its host is named.
  const host = proxy ? URL.parse(proxy)?.host : undefined;
  if (proxy && !host)
    return {
      name: 'network',
      verdict: 'fail',
      message: 'HTTPS_PROXY is not a URL; give one like http://proxy:3128',
      exit: 'config',
    };
  return { name: 'network', verdict: 'ok', message: host ? `through the proxy ${host}` : 'no proxy' };
}

async function checkReports({ run }: Settings, { cwd }: Context): Promise<Check> {
  const folder = run.report === undefined ? join(cwd, 'reports') : dirname(run.report);
  const name = 'reports';
  try {
    makeFolder(folder);
    await access(folder, constants.W_OK);
    const cause = localLocks(folder);
    if (cause !== undefined) return { name, verdict: 'warn', message: describeLocalLocks(folder, cause) };
    if (refusesLocks(folder))
      return {
        name,
        verdict: 'warn',
        message: `${folder} is an SMB volume, where locks are refused; mount it with nobrl`,
      };
    return { name, verdict: 'ok', message: `${folder} is writable` };
  } catch (error) {
    return {
      name,
      verdict: 'fail',
      message: `${folder} can't be written (${(error as NodeJS.ErrnoException).code})`,
      exit: 'report',
    };
  }
}
