/** Medians of a few rounds, and how sure they are. */

/** The value below which that share of the values lies, from 0 to 1; between two, on the line. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** The middle of the values: one bad round doesn't move it. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Half of the way from the lowest to the highest value, as a share of the median. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / 2 / Math.abs(median(values));
}

/**
 * The median of the ratios of each round to the same round of another client. The two ran one after
 * the other, so what else the machine did meanwhile weighs on both and falls out.
 */
export function ratio(values: readonly number[], others: readonly number[]): number {
  if (values.length !== others.length) {
    throw new RangeError(`${values.length} rounds can't be paired with ${others.length}.`);
  }
  return median(values.map((value, round) => value / (others[round] ?? Number.NaN)));
}
