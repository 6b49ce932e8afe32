import { changeProse } from './markdown-prose';

/** An even number of backslashes before it leaves a link a link. */
const links = /(\\*)\[\[([^[\]|\n]{1,300})(\|[^[\]\n]{1,300})?\]\]/g;
const longestTarget = 300;

/** Titles that a link does not tell apart have the same one. */
export const normalTitle = (title: string): string => title.trim().toLocaleLowerCase();

/** Whether a [[link]] to the one title leads to the other. */
export const isSameTitle = (a: string, b: string): boolean => normalTitle(a) === normalTitle(b);

/** Whether a [[link]] can be written to a note of this title. */
const isLinkable = (title: string): boolean =>
	/^[^[\]|#\n\\]+$/.test(title.trim()) && title.trim().length <= longestTarget;

/** Whether a text has a [[link]] to a note of this title, with or without a folder, heading or words. */
export const hasLinkTo = (body: string, title: string, isTitle: IsTitle = noTitle): boolean => {
	let has = false;
	changeLinks(body, { title, isTitle }, (link) => {
		has = true;
		return link;
	});
	return has;
};

/**
 * The text with every [[link]] to a note of the title `from` leading to `to`; heading and words of the
 * link stay, a folder goes. Code stays, and everything else, sign for sign. The text as it was when no
 * link can be written to `to`, and a link as it was that would become too long.
 */
export const redirectLinks = (
	body: string,
	from: string,
	to: string,
	isTitle: IsTitle = noTitle
): string =>
	isLinkable(to)
		? changeLinks(body, { title: from, isTitle }, (link, heading, rest) => {
				const target = `${to.trim()}${heading}`;
				return target.length <= longestTarget ? `[[${target}${rest}]]` : link;
			})
		: body;

type ChangeLink = (link: string, heading: string, rest: string) => string;

/** Whether a note has this whole title: a link by it leads there, and not to a note called as its last part. */
export type IsTitle = (name: string) => boolean;

const noTitle: IsTitle = () => false;

interface Target {
	readonly title: string;
	readonly isTitle: IsTitle;
}

const changeLinks = (body: string, { title, isTitle }: Target, change: ChangeLink): string => {
	if (normalTitle(title) === '' || !body.includes('[[')) return body;
	return changeProse(body, (prose) =>
		prose.replace(links, (found: string, slashes: string, whole: string, words = '') => {
			if (slashes.length % 2 === 1) return found;
			// In a table the bar before the words is escaped.
			const rest = words !== '' && whole.endsWith('\\') ? `\\${words}` : words;
			const target = rest === words ? whole : whole.slice(0, -1);
			const [name = '', ...headings] = target.split('#');
			if (!leadsTo(name, { title, isTitle })) return found;
			const heading = headings.map((each) => `#${each}`).join('');
			return slashes + change(found.slice(slashes.length), heading, rest);
		})
	);
};

/** By the whole name, or by its last part where no note is called by the whole of it. */
const leadsTo = (name: string, { title, isTitle }: Target): boolean =>
	isSameTitle(name, title) || (isSameTitle(name.split('/').at(-1) ?? '', title) && !isTitle(name));
