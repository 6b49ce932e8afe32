import type { ScaleOutReport } from '$lib/services/scale-out-service';
import { formatBytes } from '$lib/shared/bytes';
import type { Answer, Command } from './command';
import { counted } from './text-table';

const exportPgvector: Command = {
	name: 'export_pgvector',
	usage: 'export_pgvector',
	summary: 'Writes notes and vectors as one SQL file for PostgreSQL with pgvector.',
	run: async (_args, { scaleOut }) => describe(await scaleOut.exportTo('pgvector'))
};

const exportQdrant: Command = {
	name: 'export_qdrant',
	usage: 'export_qdrant',
	summary: 'Writes the vectors with their texts as points for Qdrant, one line of JSON each.',
	run: async (_args, { scaleOut }) => describe(await scaleOut.exportTo('qdrant'))
};

const describe = (report: ScaleOutReport): Answer => {
	const { fileName, notes, passages, vectors, bytes, unfinished } = report;
	const handed = `${fileName} with ${counted(notes, 'note')} and ${counted(vectors, 'vector')} (${formatBytes(bytes)}) was handed to the downloads of the browser.`;
	const missing = passages - vectors;
	const why =
		unfinished === false
			? 'the model cannot read them, which another run does not change; search by words finds them.'
			: 'regenerate_embeddings --missing-only';
	const hint = `${counted(missing, 'passage')} without a vector: ${why}`;
	return {
		text: missing > 0 ? `${handed}\n${hint}` : handed,
		data: { fileName, notes, passages, vectors, bytes }
	};
};

export const scaleOutCommands: readonly Command[] = [exportPgvector, exportQdrant];
