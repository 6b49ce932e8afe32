import type { Reading } from '$lib/domain/health';
import { toAppError } from '$lib/shared/app-error';

export type Reader = <T>(measure: () => Promise<T>) => Promise<Reading<T>>;

/** Measures something and the time it took; a failure is a reading too. */
export const createReader =
	(elapsed: () => number): Reader =>
	async <T>(measure: () => Promise<T>): Promise<Reading<T>> => {
		const startedAt = elapsed();
		try {
			const value = await measure();
			return { ok: true, value, durationMs: elapsed() - startedAt };
		} catch (thrown) {
			const { code, message } = toAppError(thrown);
			return { ok: false, code, reason: message, durationMs: elapsed() - startedAt };
		}
	};

export const mapReading = <T, U>(reading: Reading<T>, map: (value: T) => U): Reading<U> =>
	reading.ok ? { ...reading, value: map(reading.value) } : reading;
