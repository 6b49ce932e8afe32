import { AppError } from '$lib/shared/app-error';

export const maxTitleLength = 1_000;
export const maxBodyBytes = 10_000_000;
export const maxTags = 200;
export const maxTagLength = 100;

/**
 * Text as the database gives it back unchanged: SQLite drops a leading BOM, ends a string at NUL
 * and replaces half a surrogate pair. Doing it here keeps what is shown equal to what is stored.
 */
export const cleanText = (text: string): string =>
	text
		.replace(/^\uFEFF+/, '')
		.replaceAll('\0', '\uFFFD')
		.toWellFormed();

/** One line, trimmed. Throws `input-too-large` beyond the limit. */
export const cleanTitle = (title: string): string => {
	const line = cleanText(title)
		.replace(/[\r\n]+/g, ' ')
		.trim();
	if (line.length > maxTitleLength) {
		throw tooLarge(`A title can have ${maxTitleLength} characters`, line.length);
	}
	return line;
};

/** Throws `input-too-large` beyond 10 MB of UTF-8. */
export const cleanBody = (body: string): string => {
	const text = cleanText(body);
	// A UTF-16 unit is at most 3 bytes, so most texts need no counting.
	if (text.length * 3 > maxBodyBytes && utf8Length(text) > maxBodyBytes) {
		throw tooLarge(`A note can have ${maxBodyBytes} bytes`, text.length);
	}
	return text;
};

/** Trimmed, without `#`, without repeats (letter case aside: the first spelling stays), sorted. */
export const cleanTags = (tags: readonly string[]): readonly string[] => {
	const byKey = new Map<string, string>();
	for (const tag of tags) {
		const name = cleanTag(tag);
		const key = tagKey(name);
		if (name !== '' && !byKey.has(key)) byKey.set(key, name);
	}
	if (byKey.size > maxTags) throw tooLarge(`A note can have ${maxTags} tags`, byKey.size);
	return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name);
};

/** Two spellings of one tag have the same key. */
export const tagKey = (tag: string): string => tag.toLowerCase();

const cleanTag = (tag: string): string => {
	const name = cleanText(tag)
		.replace(/\s+/g, ' ')
		.replace(/^[\s#]+/, '')
		.trim();
	if (name.length > maxTagLength) {
		throw tooLarge(`A tag can have ${maxTagLength} characters`, name.length);
	}
	return name;
};

/** Throws `input-invalid` for an id that no part of the app makes. */
export const checkId = (id: string): string => {
	if (!/^[\w-]{1,100}$/.test(id)) {
		throw new AppError('input-invalid', 'A note id has 1 to 100 letters, digits, - or _.');
	}
	return id;
};

const tooLarge = (limit: string, length: number): AppError =>
	new AppError('input-too-large', `${limit}; this one has ${length}.`, { length });

const utf8Length = (text: string): number => new TextEncoder().encode(text).byteLength;
