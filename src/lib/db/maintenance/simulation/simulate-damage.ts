import { newestVerified, type BackupManifest } from '$lib/domain/backup';
import type { OnProgress } from '$lib/domain/progress';
import { isFromSalvage } from '$lib/domain/salvage';
import {
	isAboutNotes,
	type SimulatedCheck,
	type SimulatedJoin,
	type SimulatedRestore,
	type SimulationOrder,
	type SimulationReport
} from '$lib/domain/simulation';
import { AppError, isAppError } from '$lib/shared/app-error';
import { blobStream, drain } from '$lib/db/opfs/byte-stream';
import { hashBlob } from '$lib/db/opfs/hash-blob';
import type { Database } from '$lib/db/sqlite/database';
import type { NotebookContext } from '$lib/db/maintenance/context';
import { readContentFacts } from '$lib/db/maintenance/content-facts';
import { joinWith } from '$lib/db/maintenance/join-backups';
import { salvageFrom } from '$lib/db/maintenance/salvage-store';
import { tellingSpace } from '$lib/db/maintenance/tell-space';
import { judgeHash } from '$lib/db/maintenance/verify-backup';
import { askChecks } from './ask-checks';
import { damageCopy } from './damage-copy';
import { restoreAsFile } from './restore-as-file';

/**
 * Damages a copy of a verified backup and tells what each check says of it, what a restore does with it
 * and what a salvage and the newest other backup save. Backup and notebook are only read; every copy
 * goes away whatever happens, after a kill at the next start.
 */
export const simulateDamage = async (
	context: NotebookContext,
	order: SimulationOrder,
	onProgress: OnProgress
): Promise<SimulationReport> => {
	const startedAt = performance.now();
	const manifest = await context.files.manifest(order.name);
	const before = await readOriginal(context, order.name);
	assertSound(manifest, before);
	const step = (text: string, done: number): void => onProgress({ step: text, done, total: 5 });
	return tellingSpace(context, before.file.size, async () => {
		step('Damaging a copy', 0);
		const { blob, record, done, touched } = await damageCopy(context, manifest, order);
		step('Asking every check', 1);
		const checks = await askChecks(context, blob, record);
		step('Opening it as a restore does', 2);
		const asFile = await restoreAsFile(context, { blob, name: order.name });
		step('Salvaging it', 3);
		const saved = isAboutNotes(checks)
			? await salvageCopy(context, order.name, blob)
			: nothingToSave;
		step('Comparing the backup', 4);
		const after = await readOriginal(context, order.name);
		step('Done', 5);
		return {
			...{ ...order, done, touched, checks, asFile, fromList: refuse(checks), ...saved },
			untouched: after.sha256 === before.sha256 && after.manifest === before.manifest,
			sha256: after.sha256,
			durationMs: performance.now() - startedAt
		};
	});
};

interface Original {
	readonly file: File;
	readonly sha256: string;
	readonly manifest: string;
}

const readOriginal = async ({ files }: NotebookContext, name: string): Promise<Original> => {
	const file = await files.file(name);
	const manifest = JSON.stringify(await files.manifest(name));
	return { file, sha256: await hashBlob(file), manifest };
};

const assertSound = (manifest: BackupManifest, { file, sha256 }: Original): void => {
	const findings = judgeHash(manifest, file, sha256);
	if (manifest.verified && manifest.sha256 !== '' && findings.length === 0) return;
	const message = `A simulation starts from a verified backup; ${manifest.name} is not one. ${findings.join(' ')}`;
	throw new AppError('backup-invalid', message.trim(), { file: manifest.name });
};

/** What a restore from the list asks first, and what it says then. */
const refuse = (checks: readonly SimulatedCheck[]): SimulatedRestore => ({
	outcome: 'refused',
	findings: checks.filter(({ id }) => id === 'checksum').map(({ message }) => message),
	notes: null,
	vectors: null
});

type Saved = Pick<SimulationReport, 'salvage' | 'salvageProblem' | 'join'>;

const nothingToSave: Saved = { salvage: null, salvageProblem: null, join: null };

const silent: OnProgress = () => undefined;

const salvageCopy = async (context: NotebookContext, name: string, blob: Blob): Promise<Saved> => {
	const base = await chooseBase(context, name);
	try {
		return await salvageFrom(
			context,
			async (into) => {
				let offset = 0;
				await drain(blobStream(blob), (bytes) => {
					into.write(offset, bytes);
					offset += bytes.byteLength;
				});
				into.flush();
			},
			{
				onProgress: silent,
				use: async (target, salvage) => ({
					salvage,
					salvageProblem: null,
					join: base === null ? null : await join(context, base, target)
				})
			}
		);
	} catch (thrown) {
		if (!isAppError(thrown, 'db-damaged')) throw thrown;
		return { ...nothingToSave, salvageProblem: thrown.message };
	}
};

const join = (context: NotebookContext, base: string, source: Database): Promise<SimulatedJoin> =>
	joinWith(context, { base, source, onProgress: silent }, (database, joined) => ({
		...joined,
		base,
		notes: readContentFacts(database).notes
	}));

/** As the page of a repair does, of those that are left and can be opened. */
const chooseBase = async (
	{ files, vault }: NotebookContext,
	damaged: string
): Promise<string | null> => {
	const others = (await files.list()).filter(
		(each) =>
			each.name !== damaged && !isFromSalvage(each) && (!each.encrypted || vault.holds(each))
	);
	return newestVerified(others)?.name ?? null;
};
