import { describe, expect, it } from 'vitest';
import { parseMetrics, ratesOf, sumsOf } from './metrics';

const text = (requests: number) => `# HELP notevault_http_requests_total Answered requests
# TYPE notevault_http_requests_total counter
notevault_http_requests_total{method="GET",route="/health",status="200"} ${requests}
notevault_http_requests_total{method="PUT",route="/api/notes/{noteId}",status="200"} 1.0
notevault_http_request_seconds_sum{method="GET",route="/health"} ${requests / 100}
process_resident_memory_bytes 5e+07
`;

describe('metrics', () => {
  it('adds the series of a metric up and takes no comment for one', () => {
    const sums = sumsOf(text(4));
    expect(sums.get('notevault_http_requests_total')).toBe(5);
    expect(sums.get('process_resident_memory_bytes')).toBe(5e7);
    expect(sums.has('HELP')).toBe(false);
  });

  it('makes rates of what is between two samples, also when the server began anew', () => {
    const samples = [parseMetrics(text(0), 0), parseMetrics(text(20), 2000), parseMetrics(text(3), 4000)];
    const rates = ratesOf(samples);
    expect(rates.requests).toEqual([10, 2]);
    expect(rates.milliseconds[0]).toBeCloseTo(10);
  });
});
