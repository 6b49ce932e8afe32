import { chunkNote } from '$lib/domain/chunking';
import type { ImportedNote } from '$lib/domain/import';
import { fetchNotes } from './bench-notes';
import { startIndexer } from './indexer';
import { openFreshNotebook } from './open-notebook';

/** What the embed worker holds, JavaScript and WebAssembly, after so many passages. */
export interface MemoryPoint {
	readonly passages: number;
	readonly bytes: number;
}

const importedAtOnce = 200;

/** Embeds passages with the model that ships and reads the memory of the embed worker on the way. */
export const followMemory = async (marks: readonly number[]): Promise<readonly MemoryPoint[]> => {
	const notes = await fetchNotes('bench-notes-10000.json');
	const notebook = await openFreshNotebook();
	const indexer = await startIndexer(notebook, 'combined-en', 1);
	const points: MemoryPoint[] = [];
	let at = 0;
	let passages = 0;
	for (const mark of marks) {
		const from = at;
		let added = 0;
		while (passages + added < mark) {
			const note = notes[at++];
			if (!note) throw new Error(`The notes have only ${passages + added} passages`);
			added += countPassages(note);
		}
		for (let i = from; i < at; i += importedAtOnce) {
			await notebook.api.importNotes(notes.slice(i, Math.min(at, i + importedAtOnce)), Date.now());
		}
		await indexer.workUntilIdle(added);
		passages += added;
		points.push({ passages, bytes: await workerBytes('embed.worker') });
	}
	indexer.end();
	await notebook.close();
	return points;
};

const countPassages = ({ title, body }: ImportedNote): number => chunkNote(title, body).length;

interface MemoryReport {
	readonly breakdown: readonly {
		readonly bytes: number;
		readonly attribution: readonly { readonly url: string }[];
	}[];
}

interface MemoryMeter {
	measureUserAgentSpecificMemory?: () => Promise<MemoryReport>;
}

const workerBytes = async (script: string): Promise<number> => {
	const report = await (performance as MemoryMeter).measureUserAgentSpecificMemory?.();
	if (!report) throw new Error('This browser does not tell the memory of a worker.');
	const parts = report.breakdown.filter(({ attribution }) =>
		attribution.some(({ url }) => url.includes(script))
	);
	if (parts.length === 0) throw new Error(`No memory is told of ${script}.`);
	return parts.reduce((sum, { bytes }) => sum + bytes, 0);
};
