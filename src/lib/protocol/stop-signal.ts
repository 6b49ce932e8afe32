/**
 * A count in memory that two threads see: the page raises it, and a worker reads it in the midst of its
 * work, when no message reaches it.
 */
export type StopSignal = Int32Array<SharedArrayBuffer>;

/** Null where the page is not isolated (a first visit to a host without headers): such memory is refused there. */
export const createStopSignal = (): StopSignal | null =>
	globalThis.crossOriginIsolated ? new Int32Array(new SharedArrayBuffer(4)) : null;

/** Harmless when nobody listens. */
export const raiseStop = (signal: StopSignal | null): void => {
	if (signal) Atomics.add(signal, 0, 1);
};

/** How often it was raised; 0 without a signal. */
export const countStops = (signal: StopSignal | null | undefined): number =>
	signal ? Atomics.load(signal, 0) : 0;
