/**
 * How often something took about so long: counts by bucket, each a tenth wider than the one before.
 * Two can be added up, which percentiles cannot, and a year of them fits where a day of samples would.
 */
export type Histogram = Readonly<Record<number, number>>;

export const emptyHistogram: Histogram = {};

const smallestMs = 0.1;
const growth = Math.log(1.1);

export const bucketOf = (tookMs: number): number =>
	Math.max(0, Math.ceil(Math.log(Math.max(tookMs, 0) / smallestMs) / growth));

/** The middle of a bucket: at most 5 % from what was measured, from a tenth of a millisecond on. */
export const valueOfBucket = (bucket: number): number =>
	smallestMs * Math.exp(growth * (bucket - 0.5));

export const mergeHistograms = (a: Histogram, b: Histogram): Histogram => {
	const sum: Record<number, number> = { ...a };
	for (const [bucket, count] of Object.entries(b)) {
		sum[Number(bucket)] = (sum[Number(bucket)] ?? 0) + count;
	}
	return sum;
};

export const countOf = (histogram: Histogram): number =>
	Object.values(histogram).reduce((sum, count) => sum + count, 0);

/** Nearest rank; null when nothing was measured. */
export const percentileOf = (histogram: Histogram, percent: number): number | null => {
	let left = Math.ceil((percent / 100) * countOf(histogram));
	if (left === 0) return null;
	for (const bucket of Object.keys(histogram)
		.map(Number)
		.sort((a, b) => a - b)) {
		left -= histogram[bucket] ?? 0;
		if (left <= 0) return valueOfBucket(bucket);
	}
	return null;
};
