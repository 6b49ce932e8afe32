import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { createRandom } from './random';

/** A Markdown file as a user would choose it. */
export interface BenchNote {
	readonly path: string;
	readonly text: string;
	readonly modifiedAtMs: number;
}

export interface NoteSet {
	readonly notes: readonly BenchNote[];
	/** Where they come from, for the report. */
	readonly origin: string;
}

const vault = '../shared/data/vaults/jbranchaud-til';
const vaultSize = 1_873;

/** 1,873 short notes in folders: the real ones when they are there, else made-up ones of that shape. */
export const loadNotes = (): NoteSet =>
	existsSync(vault)
		? { notes: readVault(vault), origin: 'vault jbranchaud-til' }
		: { notes: inventNotes(vaultSize), origin: 'generated' };

const readVault = (folder: string): BenchNote[] =>
	readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.md'))
		.sort()
		.map((name) => ({
			path: name.split(sep).join('/'),
			text: readFileSync(join(folder, name), 'utf8'),
			modifiedAtMs: Math.round(statSync(join(folder, name)).mtimeMs)
		}));

/** More notes out of the paragraphs of these: words keep their frequencies, no note is a copy. */
export const multiplyNotes = (notes: readonly BenchNote[], count: number): BenchNote[] => {
	const random = createRandom(1);
	const paragraphs = notes.flatMap(({ text }) =>
		text.split(/\n{2,}/).filter((part) => part.trim() !== '' && part.length < 1_500)
	);
	const words = paragraphs.flatMap((text) => text.match(/\p{L}{4,}/gu) ?? []);
	return Array.from({ length: count }, (_, index) => {
		const model = notes[index % notes.length] as BenchNote;
		const parts: string[] = [];
		while (parts.join('\n\n').length < Math.min(model.text.length, 3_000)) {
			parts.push(random.pick(paragraphs));
		}
		const title = Array.from({ length: 4 }, () => random.pick(words)).join(' ');
		const folder = model.path.split('/').slice(0, -1).join('/') || 'notes';
		return {
			path: `${folder}/note-${index}.md`,
			text: `# ${title}\n\n${parts.join('\n\n')}\n`,
			modifiedAtMs: model.modifiedAtMs
		};
	});
};

const syllables = 'ba de ki lo mu na po ra se ti vu wen xor yal zir con pre tal men dis'.split(' ');

const inventNotes = (count: number): BenchNote[] => {
	const random = createRandom(7);
	const vocabulary = Array.from({ length: 12_000 }, () =>
		Array.from({ length: 2 + random.below(3) }, () => random.pick(syllables)).join('')
	);
	// Zipf-like: a low place in the vocabulary is far more frequent.
	const word = (): string => vocabulary[Math.floor(vocabulary.length ** random.next()) - 1] ?? 'ba';
	const sentence = (): string => `${Array.from({ length: 12 }, word).join(' ')}.`;
	const paragraph = (): string => Array.from({ length: 1 + random.below(3) }, sentence).join(' ');
	return Array.from({ length: count }, (_, index) => {
		const title = Array.from({ length: 4 }, word).join(' ');
		const paragraphs = Array.from({ length: 3 + random.below(6) }, paragraph);
		return {
			path: `folder-${index % 76}/note-${index}.md`,
			text: `# ${title}\n\n${paragraphs.join('\n\n')}\n`,
			modifiedAtMs: 1_700_000_000_000 + index * 60_000
		};
	});
};
