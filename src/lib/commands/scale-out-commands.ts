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

const describe = ({ fileName, notes, passages, vectors, bytes }: ScaleOutReport): Answer => {
	const handed = `${fileName} with ${counted(notes, 'note')} and ${counted(vectors, 'vector')} (${formatBytes(bytes)}) was handed to the downloads of the browser.`;
	const missing = passages - vectors;
	const hint = `${counted(missing, 'passage')} without a vector: regenerate_embeddings --missing-only`;
	return {
		text: missing > 0 ? `${handed}\n${hint}` : handed,
		data: { fileName, notes, passages, vectors, bytes }
	};
};

export const scaleOutCommands: readonly Command[] = [exportPgvector, exportQdrant];
