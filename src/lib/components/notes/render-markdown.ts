import { splitFrontmatter } from '$lib/domain/note-file';
import createDOMPurify, { type Config, type DOMPurify } from 'dompurify';
import { Marked, type Token, type TokenizerAndRendererExtension, type Tokens } from 'marked';

const tags =
	'a abbr b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var';

const config = {
	ALLOWED_TAGS: tags.split(' '),
	ALLOWED_ATTR: ['href', 'src', 'alt', 'title', 'colspan', 'rowspan', 'start', 'data-wikilink'],
	// These hold no address, so the address rule does not apply to them.
	ADD_URI_SAFE_ATTR: ['data-wikilink', 'colspan', 'rowspan', 'start'],
	ALLOW_DATA_ATTR: false,
	ALLOW_ARIA_ATTR: false,
	ALLOWED_URI_REGEXP: /^(?:https:|mailto:)/i,
	SANITIZE_NAMED_PROPS: true,
	RETURN_DOM_FRAGMENT: true
} satisfies Config;

const inlineImage = /^data:image\/(?:png|jpeg|gif|webp|avif);base64,/i;
const openLink = /^(?:https:|mailto:)/i;

interface WikiLink extends Tokens.Generic {
	readonly target: string;
	readonly label: string;
}

const escape = (text: string): string =>
	text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** `[[Note]]`, `[[folder/Note#heading|words]]`. */
const wikiLink: TokenizerAndRendererExtension = {
	name: 'wikilink',
	level: 'inline',
	start: (source) => source.indexOf('[['),
	tokenizer(source) {
		const match = /^!?\[\[([^[\]|\n]{1,300})(?:\|([^[\]\n]{1,300}))?\]\]/.exec(source);
		const whole = match?.[1];
		if (!match || whole === undefined) return undefined;
		const target = (whole.split('#')[0] ?? '').trim();
		return { type: 'wikilink', raw: match[0], target, label: match[2] ?? whole };
	},
	renderer(token) {
		const { target, label } = token as WikiLink;
		return `<a data-wikilink="${escape(target)}">${escape(label)}</a>`;
	}
};

const marked = new Marked({
	gfm: true,
	async: false,
	extensions: [wikiLink],
	renderer: { checkbox: ({ checked }) => (checked ? '☑ ' : '☐ ') }
});

/** An image from elsewhere would tell its server that the note is read: its place says what it was. */
const blockImage = (image: Element): void => {
	const place = image.ownerDocument.createElement('span');
	place.className = 'blocked-image';
	const alt = image.getAttribute('alt');
	place.textContent = alt ? `Image not loaded: ${alt}` : 'Image not loaded';
	image.replaceWith(place);
};

const tameLink = (link: Element): void => {
	if (!openLink.test(link.getAttribute('href') ?? '')) {
		link.removeAttribute('href');
		return;
	}
	link.setAttribute('target', '_blank');
	link.setAttribute('rel', 'noopener noreferrer');
};

/** Two rulers may also stand around plain text: then they are what they look like. */
const firstProperty = /^\s*["']?[\p{L}\p{N}][^:\n]*:(?:\s|$)/u;

/** What other programs keep at the top of a file, as it is written. */
const properties = (block: string): DocumentFragment => {
	const box = document.createElement('details');
	const summary = document.createElement('summary');
	summary.textContent = 'Properties';
	const lines = document.createElement('pre');
	lines.textContent = block;
	box.append(summary, lines);
	const fragment = document.createDocumentFragment();
	fragment.append(box);
	return fragment;
};

let purifier: DOMPurify | null = null;

const getPurifier = (): DOMPurify => {
	if (purifier) return purifier;
	purifier = createDOMPurify(window);
	return purifier;
};

/** Markdown as DOM that may be shown: no scripts, no styles, nothing fetched. */
export const renderMarkdown = (text: string): DocumentFragment => {
	const whole = document.createDocumentFragment();
	for (const slice of renderSlices(text)) whole.append(slice);
	return whole;
};

/** The same in pieces: drawing a long note at once would hold up the typing. */
export function* renderSlices(text: string): Generator<DocumentFragment> {
	const top = splitFrontmatter(text);
	const isTop = top !== null && firstProperty.test(top.block);
	if (isTop) yield finish(properties(top.block));
	for (const tokens of toSlices(marked.lexer(isTop ? top.rest : text))) {
		yield finish(getPurifier().sanitize(marked.parser(tokens), config));
	}
}

/** In the sanitiser's own document, which fetches nothing: in the page's an image would load at once. */
const finish = (fragment: DocumentFragment): DocumentFragment => {
	for (const image of fragment.querySelectorAll('img')) {
		if (!inlineImage.test(image.getAttribute('src') ?? '')) blockImage(image);
	}
	for (const link of fragment.querySelectorAll('a')) tameLink(link);
	for (const box of fragment.querySelectorAll('table, pre')) box.setAttribute('tabindex', '0');
	return fragment;
};

const sliceLength = 8_000;

/** Cut between blocks, but nowhere inside an HTML element that spans several. */
const toSlices = (tokens: readonly Token[]): Token[][] => {
	const slices: Token[][] = [[]];
	let length = 0;
	let openElements = 0;
	for (const token of tokens) {
		if (length >= sliceLength && openElements <= 0) {
			slices.push([]);
			length = 0;
		}
		slices.at(-1)?.push(token);
		length += token.raw.length;
		if (token.type === 'html') openElements += countOpened(token.raw);
	}
	return slices;
};

const countOpened = (html: string): number =>
	(html.match(/<[a-z]/gi)?.length ?? 0) - (html.match(/<\/[a-z]/gi)?.length ?? 0);
