/** Whether something grows. Pure. */

/** One look: when, and how much. */
export interface Sample {
  at: number;
  value: number;
}

/** By how much the value grows with each 1 of `at`: the line nearest to all samples (least squares). */
export function slopeOf(samples: Sample[]): number {
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [at, value] = [mean((sample) => sample.at), mean((sample) => sample.value)];
  const together = mean((sample) => (sample.at - at) * (sample.value - value));
  return together / mean((sample) => (sample.at - at) ** 2);
}
