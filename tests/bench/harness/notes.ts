import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { createRandom } from './random';

/** The fields of an ImportedNote. */
export interface BenchNote {
	readonly source: string;
	readonly title: string;
	readonly body: string;
	readonly tags: readonly string[];
	readonly path: string;
	readonly createdAtMs: number;
	readonly updatedAtMs: number;
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
		.map((name) => {
			const file = join(folder, name);
			const atMs = Math.round(statSync(file).mtimeMs);
			const path = relative(folder, join(file, '..')).split(sep).join('/');
			return {
				source: name,
				title: basename(name, '.md').replaceAll('-', ' '),
				body: readFileSync(file, 'utf8'),
				tags: path === '' ? [] : [path],
				path,
				createdAtMs: atMs,
				updatedAtMs: atMs
			};
		});

/** More notes out of the paragraphs of these: words keep their frequencies, no note is a copy. */
export const multiplyNotes = (notes: readonly BenchNote[], count: number): BenchNote[] => {
	const random = createRandom(1);
	const paragraphs = notes.flatMap(({ body }) =>
		body.split(/\n{2,}/).filter((text) => text.trim() !== '' && text.length < 1_500)
	);
	const words = paragraphs.flatMap((text) => text.match(/\p{L}{4,}/gu) ?? []);
	return Array.from({ length: count }, (_, index) => {
		const model = notes[index % notes.length] as BenchNote;
		const parts: string[] = [];
		while (parts.join('\n\n').length < Math.min(model.body.length, 3_000)) {
			parts.push(random.pick(paragraphs));
		}
		const title = Array.from({ length: 4 }, () => random.pick(words)).join(' ');
		const body = `# ${title}\n\n${parts.join('\n\n')}\n`;
		return { ...model, source: `${model.path}/note-${index}.md`, title, body };
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
		const path = `folder-${index % 76}`;
		const title = Array.from({ length: 4 }, word).join(' ');
		const paragraphs = Array.from({ length: 3 + random.below(6) }, paragraph);
		const atMs = 1_700_000_000_000 + index * 60_000;
		return {
			source: `${path}/note-${index}.md`,
			title,
			body: `# ${title}\n\n${paragraphs.join('\n\n')}\n`,
			tags: [path],
			path,
			createdAtMs: atMs,
			updatedAtMs: atMs
		};
	});
};
