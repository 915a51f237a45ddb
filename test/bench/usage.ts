// Loaded before a measured program: tells at its end what it used.
import { writeFileSync } from 'node:fs';

const file = process.env['BENCH_USAGE'];
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  if (file !== undefined)
    writeFileSync(file, JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, rssMb: maxRSS / 1024 }));
});
