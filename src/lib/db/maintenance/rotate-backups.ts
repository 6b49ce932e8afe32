import {
	mostToKeep,
	planRotation,
	requireKeep,
	toCapBytes,
	type RotationPlan,
	type RotationSettings,
	type RotationState
} from '$lib/domain/backup-rotation';
import { estimateQuotaBytes } from '$lib/db/opfs/opfs-errors';
import type { NotebookContext } from './context';
import type { BackupStore } from './notebook';

type Rotating = Pick<BackupStore, 'readRotation' | 'setRotation' | 'rotateBackups'>;

export const createRotating = (
	context: NotebookContext,
	change: <T>(work: () => Promise<T>) => Promise<T>
): Rotating => ({
	readRotation: () => readState(context),
	setRotation: (settings) =>
		change(async () => {
			requireKeep(settings.keep);
			await context.rotation.saveSettings(settings);
			return readState(context);
		}),
	rotateBackups: (wish, dryRun) =>
		change(async () => {
			if (wish.keep !== undefined) requireKeep(wish.keep);
			const plan = await makePlan(context, wish);
			if (!dryRun) await carryOut(context, plan);
			return plan;
		})
});

/** The backup is made; that an old one could not be removed is a line in the log, not a failure of it. */
export const rotateQuietly = async (context: NotebookContext): Promise<void> => {
	try {
		await carryOut(context, await makePlan(context, {}));
	} catch {
		context.log.warning('Old backups could not be removed yet');
	}
};

const readState = async ({ rotation }: NotebookContext): Promise<RotationState> => ({
	...(await readOrAll(rotation)),
	capBytes: toCapBytes(await estimateQuotaBytes()),
	last: await rotation.last()
});

/** For showing, and for what guards copies elsewhere: as long as the settings cannot be read, all stay. */
export const readOrAll = async ({
	settings
}: Pick<NotebookContext['rotation'], 'settings'>): Promise<RotationSettings> =>
	settings().catch(() => ({ keep: mostToKeep, ladder: true }));

const makePlan = async (
	context: NotebookContext,
	wish: Partial<RotationSettings>
): Promise<RotationPlan> => {
	const { keep, ladder } = wish;
	const settings =
		keep === undefined || ladder === undefined
			? { ...(await context.rotation.settings()), ...wish }
			: { keep, ladder };
	const capBytes = toCapBytes(await estimateQuotaBytes());
	return planRotation(await context.files.list(), { ...settings, capBytes, nowMs: context.now() });
};

const carryOut = async (
	{ files, rotation, log, now }: NotebookContext,
	{ removals }: RotationPlan
): Promise<void> => {
	if (removals.length === 0) return;
	for (const { name } of removals) await files.remove(name);
	const forSpace = removals.filter(({ reason }) => reason === 'space').length;
	log.info('Rotation removed old backups', { removed: removals.length, forSpace });
	try {
		await rotation.saveLast({ atMs: now(), removals });
	} catch {
		log.warning('What rotation removed could not be recorded');
	}
};
