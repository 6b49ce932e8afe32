import type { BackupManifest } from '$lib/domain/backup';
import type { IntegrityPart } from '$lib/domain/database-report';
import type { SimulatedCheck, SimulatedCheckId } from '$lib/domain/simulation';
import { formatCount, plural } from '$lib/shared/number-format';
import { isAppError } from '$lib/shared/app-error';
import { readSchemaVersion } from '$lib/db/migrations/migrate';
import { hashBlob } from '$lib/db/opfs/hash-blob';
import type { Connection } from '$lib/db/sqlite/connection';
import type { Database } from '$lib/db/sqlite/database';
import type { NotebookContext } from '$lib/db/maintenance/context';
import { checkIntegrity } from '$lib/db/maintenance/check-integrity';
import {
	compareFacts,
	readContentFacts,
	type ContentFacts
} from '$lib/db/maintenance/content-facts';
import { examineHeader } from '$lib/db/maintenance/examine-file';
import { judgeSchema } from '$lib/db/maintenance/expected-schema';
import { withScratch } from '$lib/db/maintenance/scratch-file';
import { judgeSelfHash } from '$lib/db/maintenance/self-hash';
import { judgeHash } from '$lib/db/maintenance/verify-backup';

type Findings = readonly string[];

/** Each check of a verification and of a restore, asked by itself; the scratch copy goes away. */
export const askChecks = async (
	context: NotebookContext,
	blob: Blob,
	record: BackupManifest
): Promise<SimulatedCheck[]> => {
	const { name } = record;
	const checksum = toCheck('checksum', judgeHash(record, blob, await hashBlob(blob)), record);
	const refused = await examineHeader(blob, name);
	const header = toCheck('header', refused?.report.findings ?? [], record);
	if (refused) return [checksum, header, ...inside.map(notReached)];
	const asked = await withScratch(context.pool, blob, (database, connection) =>
		askInside(context, record, { database, connection })
	);
	return [checksum, header, ...asked];
};

const inside = [
	'own-hash',
	'tables',
	'integrity',
	'links',
	'note-hashes',
	'counts',
	'notes-hash',
	'vectors'
] as const satisfies readonly SimulatedCheckId[];

type Inside = (typeof inside)[number];

interface Opened {
	readonly database: Database;
	readonly connection: Connection;
}

const askInside = async (
	{ engine }: NotebookContext,
	record: BackupManifest,
	{ database, connection }: Opened
): Promise<SimulatedCheck[]> => {
	const { name } = record;
	const part = (asked: IntegrityPart) => async (): Promise<Findings> =>
		(await checkIntegrity(database, [asked], false)).flatMap(({ findings }) => findings);
	let counted: ContentFacts | null = null;
	const found = (): ContentFacts => (counted ??= readContentFacts(database));
	const differences = (recorded: Partial<ContentFacts>): Findings =>
		compareFacts({ ...found(), ...recorded }, found(), name);
	const { chunk_vectors: vectors = 0, ...counts } = record.counts;
	const asking: Readonly<Record<Inside, () => Findings | Promise<Findings>>> = {
		async 'own-hash'() {
			const isWhole = (await judgeSelfHash(connection, database)) === 'whole';
			return isWhole
				? []
				: [`The bytes of ${name} do not give the hash that it carries of itself.`];
		},
		tables: () => judgeSchema(engine, database, readSchemaVersion(database), name).findings,
		integrity: part('structure'),
		links: part('foreign-keys'),
		'note-hashes': part('note-hashes'),
		counts() {
			const { chunk_vectors: own = 0 } = found().counts;
			return differences({ counts: { ...counts, chunk_vectors: own } });
		},
		'notes-hash': () => differences({ contentHash: record.contentHash }),
		async vectors() {
			const missing = differences({ counts: { ...found().counts, chunk_vectors: vectors } });
			return [...missing, ...(await part('vectors')())];
		}
	};
	const asked: SimulatedCheck[] = [];
	for (const id of inside) asked.push(toCheck(id, await ask(asking[id]), record));
	return asked;
};

/** On damage SQLite may throw instead of answering: that is found, not "did not run". */
const ask = async (question: () => Findings | Promise<Findings>): Promise<Findings> => {
	try {
		return await question();
	} catch (thrown) {
		if (!isAppError(thrown, 'db-damaged')) throw thrown;
		return [thrown.message];
	}
};

const toCheck = (
	id: SimulatedCheckId,
	findings: Findings,
	record: BackupManifest
): SimulatedCheck => ({
	id,
	outcome: findings.length === 0 ? 'passed' : 'found',
	message: findings.length === 0 ? well(id, record) : findings.join(' ')
});

const notReached = (id: SimulatedCheckId): SimulatedCheck => ({
	id,
	outcome: 'not-reached',
	message: 'Not asked: a file like this is turned away before it is opened.'
});

const words: Readonly<Record<Exclude<SimulatedCheckId, 'counts' | 'vectors'>, string>> = {
	checksum: 'The SHA-256 of the file is the recorded one.',
	header: 'It looks like a whole SQLite file.',
	'own-hash': 'Its bytes give the hash that it carries of itself.',
	tables: 'Every table is as this app makes it.',
	integrity: 'SQLite says ok.',
	links: 'No row points to a row that is missing.',
	'note-hashes': 'Each note that is there matches the hash stored with it.',
	'notes-hash': 'The notes are the ones that were recorded.'
};

const well = (id: SimulatedCheckId, { notes, embeddings }: BackupManifest): string => {
	if (id === 'counts')
		return `As many rows in each table as were recorded, ${plural(notes, 'note')} among them.`;
	return id === 'vectors' ? `${formatCount(embeddings)} as recorded, each sound.` : words[id];
};
