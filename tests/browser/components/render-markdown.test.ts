import { renderMarkdown, renderSlices } from '$lib/components/notes/render-markdown';
import { afterEach, describe, expect, test } from 'vitest';

const html = (markdown: string): string => {
	const root = document.createElement('div');
	root.append(renderMarkdown(markdown));
	return root.innerHTML.trim();
};

const stage = document.createElement('div');
document.body.append(stage);
afterEach(() => stage.replaceChildren());

/** Each tries to run a script, to fetch, to restyle the page or to stand in for one of its objects. */
const hostile = [
	'<script>window.hit = 1</script>',
	'<img src=x onerror="window.hit = 1">',
	'<svg onload="window.hit = 1"><script>window.hit = 1</script></svg>',
	'<svg><animate onbegin="window.hit=1" attributeName=x dur=1s>',
	'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.hit=1&gt;">',
	'<form><math><mtext></form><form><mglyph><style></math><img src onerror=window.hit=1>',
	'<svg></p><style><a id="</style><img src=1 onerror=window.hit=1>">',
	'<noscript><p title="</noscript><img src=x onerror=window.hit=1>">',
	'<template><img src=x onerror="window.hit=1"></template>',
	'<iframe srcdoc="<script>parent.hit = 1</script>"></iframe>',
	'<iframe src="javascript:parent.hit=1"></iframe>',
	'<object data="javascript:window.hit=1"></object><embed src="javascript:window.hit=1">',
	'<a href="javascript:window.hit=1">x</a>',
	'<a href=" &#14; javascript:window.hit=1">x</a>',
	'<a href="jav&#x09;ascript:window.hit=1">x</a>',
	'[x](javascript:window.hit=1)',
	'[x](JaVaScRiPt:window.hit=1)',
	'[x](data:text/html,<script>window.hit=1</script>)',
	'[x](vbscript:x)',
	'![x](javascript:window.hit=1)',
	'![x](data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=)',
	'![x](https://example.com/a.png)',
	'<img srcset="https://example.com/a.png 1x" src="//example.com/b.png">',
	'<picture><source srcset="https://example.com/a.png"><img></picture>',
	'<video src="https://example.com/a.mp4" poster="https://example.com/a.png"></video>',
	'<p style="background:url(https://example.com/x)">x</p><style>*{display:none}</style>',
	'<link rel="stylesheet" href="https://example.com/x.css"><base href="https://example.com/">',
	'<meta http-equiv="refresh" content="0;url=https://example.com">',
	'<form action="https://example.com"><input name="q"><button>go</button></form>',
	'<a id="manage" name="manage" href="https://example.com">x</a>',
	'<img name="getElementById"><form id="cookie"></form>',
	'<details open ontoggle="window.hit=1">x</details>',
	'<p onclick="window.hit=1" tabindex=1 autofocus onfocus="window.hit=1">x</p>',
	'<a data-wikilink="x" href="javascript:window.hit=1">x</a>',
	'[[x" onclick="window.hit=1]]',
	'[[<img src=x onerror=window.hit=1>]]',
	'[[a|<script>window.hit=1</script>]]'
];

describe('a hostile note', () => {
	test.each(hostile)('%s neither runs, fetches nor restyles', async (markdown) => {
		stage.append(renderMarkdown(markdown));
		await new Promise((resolve) => requestAnimationFrame(resolve));
		expect('hit' in window).toBe(false);
		const banned =
			'script, style, svg, math, iframe, object, embed, form, input, button, link, meta, base, template, video, source, picture';
		expect(stage.querySelector(banned)).toBeNull();
		for (const element of stage.querySelectorAll('*')) {
			for (const { name, value } of element.attributes) {
				expect(name).not.toMatch(/^on|^style$|^srcset$|^id$|^name$|^class$(?<!class)/);
				if (name === 'href') expect(value).toMatch(/^(https:|mailto:)/);
				if (name === 'src') expect(value).toMatch(/^data:image\/(png|jpeg|gif|webp|avif);base64,/);
			}
		}
	});

	test('cleaned twice is the same as cleaned once', () => {
		for (const markdown of hostile) {
			const once = html(markdown);
			stage.innerHTML = once;
			expect(stage.innerHTML.trim()).toBe(once);
		}
	});
});

test('links open outside, without a way back to this page', () => {
	expect(html('[x](https://example.com/a?b=c)')).toContain(
		'<a href="https://example.com/a?b=c" target="_blank" rel="noopener noreferrer">x</a>'
	);
	expect(html('[x](mailto:a@example.com)')).toContain('href="mailto:a@example.com"');
});

test('an image from elsewhere is named, not loaded', () => {
	expect(html('![A map](https://example.com/map.png)')).toContain('Image not loaded: A map');
});

test('a picture inside the note is shown', () => {
	expect(html('![dot](data:image/png;base64,iVBORw0KGgo=)')).toContain('<img');
});

test('Markdown as people write it is drawn: lists, tables, tasks, code, numbers', () => {
	const drawn = html(
		'# T\n\n3. c\n4. d\n\n- [x] done\n- [ ] open\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n`x < y`\n\n~~no~~'
	);
	for (const part of ['<h1>T</h1>', '<ol start="3">', '☑ done', '☐ open', '<td>1</td>', '<del>']) {
		expect(drawn).toContain(part);
	}
	expect(drawn).toContain('<code>x &lt; y</code>');
});

test('a [[link]] keeps its words and its target, with folder, heading and own words', () => {
	expect(html('[[Bread]]')).toContain('<a data-wikilink="Bread">Bread</a>');
	expect(html('[[food/Bread#Rye|my bread]]')).toContain(
		'<a data-wikilink="food/Bread">my bread</a>'
	);
	expect(html('`[[Bread]]`')).toBe('<p><code>[[Bread]]</code></p>');
});

test('properties at the top are folded away as they are written, and are no heading', () => {
	const drawn = html('---\naliases: <b>x</b>\ncssclasses:\n  - wide\n---\n# T\n');
	expect(drawn).toBe(
		'<details><summary>Properties</summary><pre tabindex="0">aliases: &lt;b&gt;x&lt;/b&gt;\ncssclasses:\n  - wide\n</pre></details><h1>T</h1>'
	);
	expect(html('---\nplain words\n---\nmore')).not.toContain('Properties');
});

test('a long note is drawn in pieces that make what drawing it at once makes', () => {
	const paragraph = `Some words with **weight** and a [link][home].\n\n`;
	const block = '<details>\n<summary>More</summary>\n\n';
	const inside = paragraph.repeat(400); // longer than a piece
	const text = `# Title\n\n${paragraph.repeat(400)}${block}${inside}</details>\n\n${paragraph.repeat(400)}[home]: https://example.com\n`;
	const slices = [...renderSlices(text)];
	expect(slices.length).toBeGreaterThan(4);
	const root = document.createElement('div');
	root.append(...slices);
	expect(root.querySelectorAll(':scope > p')).toHaveLength(800);
	expect(root.querySelectorAll(':scope > details > p')).toHaveLength(400);
	expect(root.querySelectorAll('a[href="https://example.com"]')).toHaveLength(1_200);
});

test('pictures are looked at in a document that loads none, before the page gets them', () => {
	const [slice] = renderSlices('![a picture](https://foreign.example/pixel.png)');
	expect(slice?.ownerDocument.defaultView).toBeNull();
	expect(slice?.querySelector('img[src*="foreign"]')).toBeNull();
});
