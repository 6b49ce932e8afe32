import { AppError } from './app-error';

const mostFrames = 4;

/** What may be logged of anything thrown: its name, code and place. Never its message: it may quote a note. */
export const thrownFacts = (thrown: unknown): Record<string, string> => {
	if (!(thrown instanceof Error)) return { name: typeof thrown };
	const facts: Record<string, string> = { name: thrown.name };
	if (thrown instanceof AppError) facts.code = thrown.code;
	const place = placeOf(thrown);
	if (place) facts.place = place;
	return facts;
};

/** `save (_app/x.js:1:234) < run (…)`: the innermost frames, without what follows a `?` in an address. */
const placeOf = ({ stack = '', message }: Error): string => {
	const start = stack.indexOf(message);
	return stack
		.slice(start === -1 ? 0 : start + message.length)
		.split('\n')
		.filter((line) => /^\s*at .*:\d+:\d+\)?$/.test(line))
		.slice(0, mostFrames)
		.map((line) =>
			line
				.trim()
				.replace(/^at /, '')
				.replace(/[a-z-]+:\/\/[^/\s]+\//g, '')
				.replace(/\?[^:)]*/g, '')
		)
		.join(' < ');
};
