/** The server's own figures, read from what it offers Prometheus. Pure. */
export interface Sample {
  /** Milliseconds. */
  readonly at: number;
  readonly requests: number;
  readonly entries: number;
  /** Seconds spent in all requests so far. */
  readonly requestSeconds: number;
  readonly actors: number;
  readonly connections: number;
}

// A label's value may hold braces.
const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})? ([-+.eE\dNaInf]+)$/;

/** The sum of every series, by the name of the metric. */
export function sumsOf(text: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = LINE.exec(line);
    const value = Number(match?.[2]);
    if (match && Number.isFinite(value)) sums.set(match[1]!, (sums.get(match[1]!) ?? 0) + value);
  }
  return sums;
}

export function parseMetrics(text: string, at: number): Sample {
  const sums = sumsOf(text);
  const sum = (name: string) => sums.get(name) ?? 0;
  return {
    at,
    requests: sum('notevault_http_requests_total'),
    requestSeconds: sum('notevault_http_request_seconds_sum'),
    entries: sum('notevault_operations_total'),
    actors: sum('notevault_workspaces'),
    connections: sum('notevault_connections')
  };
}

export interface Rates {
  readonly at: number[];
  readonly requests: number[];
  readonly entries: number[];
  readonly milliseconds: (number | null)[];
}

/** Per second between one sample and the next; a server that started anew begins at nought. */
export function ratesOf(samples: readonly Sample[]): Rates {
  const rates: Rates = { at: [], requests: [], entries: [], milliseconds: [] };
  samples.forEach((sample, index) => {
    const before = samples[index - 1];
    if (!before) return;
    const seconds = Math.max(0.001, (sample.at - before.at) / 1000);
    const grown = (now: number, then: number) => (now >= then ? now - then : now);
    const requests = grown(sample.requests, before.requests);
    rates.at.push(sample.at / 1000);
    rates.requests.push(requests / seconds);
    rates.entries.push(grown(sample.entries, before.entries) / seconds);
    const spent = grown(sample.requestSeconds, before.requestSeconds);
    rates.milliseconds.push(requests ? (spent / requests) * 1000 : null);
  });
  return rates;
}
