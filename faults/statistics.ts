/** What many numbers say together. Pure. */

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

/** The value that this share of all values doesn't exceed: 0.5 is for the median, 1 for the greatest. */
export function quantile(values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? Number.NaN;
}
