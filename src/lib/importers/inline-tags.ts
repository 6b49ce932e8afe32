import { maxTagLength } from '$lib/domain/note-text';

const tag = /(?<=^|\s)#([\p{L}\p{M}\p{N}\p{Extended_Pictographic}_/-]+)/gu;

/** `#tags` written in the text, in order, without those in code. A number alone is no tag, nor is an overlong one. */
export const inlineTags = (body: string): string[] => {
	const found = new Set<string>();
	let fence: string | null = null;
	for (const line of body.split('\n')) {
		const ruler = /^\s{0,3}(?:>\s?)*(`{3,}|~{3,})/.exec(line)?.[1] ?? null;
		if (fence !== null) {
			if (ruler?.startsWith(fence)) fence = null;
		} else if (ruler !== null) {
			fence = ruler;
		} else if (line.includes('#') && !/^(?: {4}|\t)/.test(line)) {
			for (const match of withoutCode(line).matchAll(tag)) addTag(found, match[1] ?? '');
		}
	}
	return [...found];
};

const withoutCode = (line: string): string => line.replace(/(`+).*?\1/g, '` `');

const addTag = (found: Set<string>, text: string): void => {
	const name = text.replace(/^[/-]+|\/+$/g, '').normalize('NFC');
	if (/[^\p{N}/_-]/u.test(name) && name.length <= maxTagLength) found.add(name);
};
