/** What kind of program a `User-Agent` tells of: the first that is named counts, for most name others too. */
const PROGRAMS = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari'] as const;
const NAMES: Readonly<Record<string, string>> = { Edg: 'Edge', OPR: 'Opera' };
const SYSTEMS = ['iPhone', 'iPad', 'Android', 'Windows', 'Mac OS', 'CrOS', 'Linux'] as const;

/** "Firefox · Linux"; of an unknown program, its first word. */
export function clientName(userAgent: string): string {
  const program = PROGRAMS.find((name) => userAgent.includes(`${name}/`));
  const system = SYSTEMS.find((name) => userAgent.includes(name));
  const shown = program ? (NAMES[program] ?? program) : (userAgent.split(/[\s/]/)[0] ?? '');
  return [shown || '?', ...(system ? [system] : [])].join(' · ');
}
