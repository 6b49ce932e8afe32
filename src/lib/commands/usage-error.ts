/** A mistake in what was typed: answered with the message and the usage line. */
export class UsageError extends Error {
	override readonly name = 'UsageError';
}
