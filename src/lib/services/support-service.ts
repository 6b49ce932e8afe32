import { toAppError } from '$lib/shared/app-error';
import type { OnProgress } from '$lib/domain/progress';
import { toFileStamp, toIso, type Clock } from '$lib/shared/time';
import { supportParts, type SupportPart, type SupportSources } from './support-parts';

export interface SupportFile {
	readonly path: string;
	/** What is in it, in words. */
	readonly holds: string;
	readonly bytes: number;
	/** The beginning of a text; null for what is no text. */
	readonly preview: string | null;
	readonly blob: Blob;
}

export interface SupportBundle {
	readonly fileName: string;
	readonly bytes: number;
	readonly files: readonly Pick<SupportFile, 'path' | 'bytes'>[];
}

/** What somebody who is to help needs to know of this notebook, without anything that the user wrote. */
export interface SupportService {
	/** Reads every part, to be looked at before it is given away. A part that cannot be read says so. */
	collect(onProgress?: OnProgress): Promise<readonly SupportFile[]>;
	/** One zip of these files to the browser's downloads. Nothing is sent anywhere. */
	save(files: readonly SupportFile[]): Promise<SupportBundle>;
}

export interface SupportDeps extends SupportSources {
	readonly saveFile: (blob: Blob, fileName: string) => Promise<void> | void;
	readonly now: Clock;
}

const previewLength = 20_000;

export const createSupportService = (deps: SupportDeps): SupportService => ({
	async collect(onProgress) {
		const files: SupportFile[] = [];
		for (const part of supportParts) {
			onProgress?.({ step: part.holds, done: files.length, total: supportParts.length });
			files.push(await readPart(part, deps));
		}
		return files;
	},
	async save(files) {
		const { zipFiles } = await import('$lib/exporters/file-zip');
		const readMe = new Blob([introduction(files, deps.now())]);
		const all = [{ path: 'README.txt', blob: readMe }, ...files];
		const zip = await zipFiles(all, deps.now());
		const fileName = `ai-notes-support-${toFileStamp(deps.now())}.zip`;
		await deps.saveFile(zip, fileName);
		return {
			fileName,
			bytes: zip.size,
			files: files.map(({ path, bytes }) => ({ path, bytes }))
		};
	}
});

const readPart = async (part: SupportPart, sources: SupportSources): Promise<SupportFile> => {
	const content = await part.read(sources).catch(notAvailable);
	const blob = new Blob([content]);
	return {
		path: part.path,
		holds: part.holds,
		bytes: blob.size,
		preview: typeof content === 'string' ? content.slice(0, previewLength) : null,
		blob
	};
};

/** The code alone: a message may quote what was typed. */
const notAvailable = (thrown: unknown): string =>
	JSON.stringify({ notAvailable: toAppError(thrown).code });

const introduction = (files: readonly SupportFile[], timeMs: number): string =>
	[
		`Support bundle of AI Notes, made ${toIso(timeMs)}.`,
		'It holds no note, title, tag, search or label: only what is listed here.',
		'',
		...files.map(({ path, holds }) => `${path}: ${holds}.`),
		''
	].join('\n');
