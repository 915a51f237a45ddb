// Loaded before a measured program: tells at its end what it used.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const file = process.env['BENCH_USAGE'];
const status = '/proc/self/status';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  // The most that the system reports may be its parent's, from before this was another program; where Linux tells better, that counts.
  const own = existsSync(status) ? Number(/VmHWM:\s*(\d+)/.exec(readFileSync(status, 'utf8'))?.[1]) : maxRSS;
  if (file !== undefined)
    writeFileSync(file, JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, rssMb: own / 1024 }));
});
