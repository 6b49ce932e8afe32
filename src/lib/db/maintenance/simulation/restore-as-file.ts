import type { SimulatedRestore } from '$lib/domain/simulation';
import type { OnProgress } from '$lib/domain/progress';
import { buildCopy, type CopyOrder } from '$lib/db/maintenance/build-copy';
import { readContentFacts } from '$lib/db/maintenance/content-facts';
import type { NotebookContext } from '$lib/db/maintenance/context';
import { examineDatabase } from '$lib/db/maintenance/examine-file';
import { openAside, type AsideFile } from '$lib/db/maintenance/open-aside';
import { readSelfHash, tablesOf, withRemark } from '$lib/db/maintenance/restore-file';
import { nextScratchPath } from '$lib/db/maintenance/scratch-file';

const silent: OnProgress = () => undefined;

/** A restore of a file that was given to the page, up to the switch: what it would make goes away. */
export const restoreAsFile = async (
	context: NotebookContext,
	{ blob, name }: Pick<AsideFile, 'blob' | 'name'>
): Promise<SimulatedRestore> =>
	openAside<SimulatedRestore | Promise<SimulatedRestore>>(
		context,
		{ blob, name, secrets: [] },
		{
			refused: ({ report }) => refuse(report.findings),
			async opened(database, connection) {
				const selfHash = await readSelfHash(connection, database);
				const subject = { name, sizeBytes: blob.size };
				const examined = await examineDatabase(context.engine, database, subject, null, silent);
				const { facts, report } = withRemark(examined, selfHash);
				if (facts === null || selfHash === null) return refuse(report.findings);
				const made = await makeOf(context, { source: database, facts, tables: tablesOf(selfHash) });
				return { outcome: 'accepted', findings: report.findings, ...made };
			}
		}
	);

const refuse = (findings: readonly string[]): SimulatedRestore => ({
	outcome: 'refused',
	findings,
	notes: null,
	vectors: null
});

const makeOf = async (
	{ pool }: NotebookContext,
	from: Omit<CopyOrder, 'path'>
): Promise<{ readonly notes: number; readonly vectors: number }> => {
	const path = nextScratchPath();
	const { database } = await buildCopy(pool, { ...from, path }, silent);
	try {
		const { notes, embeddings } = readContentFacts(database);
		return { notes, vectors: embeddings };
	} finally {
		database.close();
		pool.discard(path);
	}
};
