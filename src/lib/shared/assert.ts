/** States what must be true here; a failure is a bug of ours, never a mistake of the user. */
export function assert(condition: unknown, message: string): asserts condition {
	if (!condition) throw new Error(`assertion failed: ${message}`);
}

/** For the default branch of a switch over a union. */
export const unreachable = (value: never): never => {
	throw new Error(`unexpected value: ${String(value)}`);
};
