import {
	defaultRotation,
	mostToKeep,
	type RotationRecord,
	type RotationSettings
} from '$lib/domain/backup-rotation';
import { AppError } from '$lib/shared/app-error';
import type { Folder } from './folder';

/** What the user chose about rotation, and what it did last. */
export interface RotationFile {
	/**
	 * A missing file is the default. Rejects with `input-invalid` when there is one that cannot be read:
	 * it may say to keep far more, so nothing may be deleted by a guess.
	 */
	settings(): Promise<RotationSettings>;
	/** Reads them back. */
	saveSettings(settings: RotationSettings): Promise<void>;
	/** Null also when it cannot be read. */
	last(): Promise<RotationRecord | null>;
	saveLast(record: RotationRecord): Promise<void>;
}

const settingsName = 'rotation.json';
const lastName = 'rotation-last.json';

export const createRotationFile = (folder: Folder): RotationFile => {
	const read = async (name: string): Promise<unknown> => {
		try {
			return JSON.parse((await folder.readText(name)) ?? 'null') as unknown;
		} catch {
			return null;
		}
	};
	const save = async (name: string, value: unknown): Promise<void> => {
		const text = JSON.stringify(value);
		const bytes = new TextEncoder().encode(text);
		await folder.write(`${name}.part`, (sink) => sink(bytes));
		await folder.move(`${name}.part`, name);
		if ((await folder.readText(name)) === text) return;
		throw new AppError('unknown', `${name} did not read back as it was written: try again.`);
	};
	const readSettings = async (): Promise<RotationSettings> => {
		const text = await folder.readText(settingsName);
		const settings = text === null ? defaultRotation : parseSettings(text);
		if (settings) return settings;
		throw new AppError('unknown', unreadableWords, { file: settingsName });
	};
	return {
		settings: readSettings,
		saveSettings: ({ keep, ladder }) => save(settingsName, { keep, ladder }),
		last: async () => parseRecord(await read(lastName)),
		saveLast: (record) => save(lastName, record)
	};
};

const unreadableWords =
	'It cannot be read how many backups you wanted to keep. All of them stay until you set it again.';

const parseSettings = (text: string): RotationSettings | null => {
	try {
		const { keep, ladder = false } = JSON.parse(text) as Record<string, unknown>;
		if (typeof keep !== 'number' || keep < 1 || typeof ladder !== 'boolean') return null;
		return { keep: Math.min(Math.floor(keep), mostToKeep), ladder };
	} catch {
		return null;
	}
};

const parseRecord = (value: unknown): RotationRecord | null => {
	const record = value as Partial<RotationRecord> | null;
	const isRecord = typeof record?.atMs === 'number' && Array.isArray(record.removals);
	return isRecord ? (record as RotationRecord) : null;
};
