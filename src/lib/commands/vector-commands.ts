import type { DriftCheck, VectorHealth } from '$lib/domain/vector-care';
import type { VectorCareService } from '$lib/services/vector-care-service';
import type { Command } from './command';
import type { Arguments } from './parse-command-line';
import { counted, table } from './text-table';

const getEmbedding: Command = {
	name: 'get_embedding',
	usage: 'get_embedding ID [--query TEXT]',
	summary: 'Shows the vectors of one note, passage by passage, and how near a query is to each.',
	required: ['ID'],
	options: [{ name: '--query', kind: 'text' }],
	run: async (args, { vectorCare }) => {
		const note = await vectorCare.inspect(args.word(0));
		const query = args.text('--query');
		const near = query === null ? null : await vectorCare.compare(note, query);
		const { noteId, model, revision, dtype, dimensions } = note;
		const rows = note.chunks.map((chunk, index) => [
			String(index + 1),
			chunk.norm.toFixed(4),
			...(near ? [near[index]?.toFixed(3) ?? '–'] : []),
			chunk.vector
				.slice(0, 4)
				.map((value) => value.toFixed(3))
				.join(' '),
			chunk.text
		]);
		const heads = ['', 'Norm', ...(near ? ['Query'] : []), 'Begins', 'Passage'];
		const head = `${counted(rows.length, 'passage')}, ${dimensions} numbers each, made with ${model}.`;
		return {
			text: rows.length ? `${head}\n${table(heads, rows)}` : head,
			data: {
				...{ noteId, model, revision, dtype, dimensions },
				chunks: note.chunks.map(({ text, norm, vector }, index) => ({
					...{ text, norm, vector: [...vector] },
					...(near ? { similarity: near[index] ?? null } : {})
				})),
				nearest: note.nearest.map(({ noteId: id, title, similarity }) => ({
					...{ noteId: id, title, similarity }
				}))
			}
		};
	}
};

const checkVectors: Command = {
	name: 'check_vectors',
	usage: 'check_vectors [--repair] [--drift] [--seed N]',
	summary: 'Looks for vectors of no use, repairs them, and checks whether the model has drifted.',
	options: [
		{ name: '--repair', kind: 'flag' },
		{ name: '--drift', kind: 'flag' },
		{ name: '--seed', kind: 'number' }
	],
	run: async (args, { vectorCare }) => {
		const repair = args.flag('--repair') ? await vectorCare.repair() : null;
		const health = repair?.after ?? (await vectorCare.check());
		const drift = await driftOf(args, vectorCare);
		const { removed, queued } = repair ?? { removed: 0, queued: 0 };
		const repaired = `${counted(removed, 'vector')} removed, ${counted(queued, 'passage')} queued.`;
		const lines = [describeHealth(health), repair && repaired, drift && describeDrift(drift)];
		return {
			ok: drift?.passed ?? true,
			text: lines.filter(Boolean).join('\n'),
			data: { ...health, removed, queued, drift: drift && toDriftData(drift) }
		};
	}
};

const driftOf = async (args: Arguments, care: VectorCareService): Promise<DriftCheck | null> => {
	const seed = args.number('--seed');
	return args.flag('--drift') || seed !== null ? care.checkDrift(seed ?? undefined) : null;
};

const describeHealth = (health: VectorHealth): string => {
	const { checked, nan, zero, wrongSize, orphan, duplicate } = health;
	return `${counted(checked, 'vector')} read: ${nan} not a number, ${zero} zero, ${wrongSize} of the wrong size, ${orphan} without a passage, ${duplicate} equal to that of another text.`;
};

const describeDrift = ({ passages, lowest, passed, seed }: DriftCheck): string =>
	`${counted(passages.length, 'passage')} embedded again (seed ${seed}): lowest cosine ${lowest.toFixed(5)}, ${passed ? 'no drift' : 'the model has drifted'}.`;

const toDriftData = ({ atMs, ...drift }: DriftCheck) => ({
	at: new Date(atMs).toISOString(),
	...drift
});

export const vectorCommands: readonly Command[] = [getEmbedding, checkVectors];
