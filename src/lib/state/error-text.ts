import { presentError } from '$lib/services/error-presentation';

/** A failure in words for the screen: what happened, what is safe and what to do. */
export const errorText = (error: unknown): string => {
	const { code, title, message, cause } = presentError(error);
	return code === 'unknown'
		? `${title} ${message} The reason given: ${cause}`
		: `${title} ${message}`;
};
