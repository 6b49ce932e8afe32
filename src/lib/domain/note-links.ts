const links = /\[\[([^[\]|\n]{1,300})(?:\|[^[\]\n]{1,300})?\]\]/g;

const normal = (title: string): string => title.trim().toLocaleLowerCase();

/** Whether a [[link]] to the one title leads to the other. */
export const isSameTitle = (a: string, b: string): boolean => normal(a) === normal(b);

/** Whether a text has a [[link]] to a note of this title, with or without a folder, heading or words. */
export const hasLinkTo = (body: string, title: string): boolean =>
	normal(title) !== '' &&
	[...body.matchAll(links)].some(([, whole = '']) => {
		const target = whole.split('#')[0] ?? '';
		return [target, target.split('/').at(-1) ?? ''].some((name) => isSameTitle(name, title));
	});
