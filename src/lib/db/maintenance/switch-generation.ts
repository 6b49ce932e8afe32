import { AppError, toAppError } from '$lib/shared/app-error';
import { toOwnDatabase } from '$lib/db/sqlite/open-connection';
import type { BuiltCopy } from './build-copy';
import type { NotebookContext } from './context';

const generationPattern = /^\/notes-(\d+)\.db$/;

export const isGenerationPath = (path: string): boolean => generationPattern.test(path);

/** A name that no file of the pool has or had while it was live. */
export const nextGenerationPath = (paths: readonly string[], livePath: string | null): string => {
	const numbers = [...paths, livePath ?? ''].map((path) =>
		Number(generationPattern.exec(path)?.[1])
	);
	return `/notes-${Math.max(0, ...numbers.filter(Number.isFinite)) + 1}.db`;
};

/**
 * [Note: The switch] Which file is live is what the pointer on disk says and nothing else. Before it is
 * written the old file is closed but whole; after it the new one is live. Killed in between, the next
 * start finds one of the two. A write that fails is followed by a look at what the disk really says.
 */
export const switchTo = async (
	context: NotebookContext,
	copy: BuiltCopy,
	createdAtMs: number
): Promise<void> => {
	const { live, pool, pointer } = context;
	const oldPath = live.path();
	const wasOpen = live.isOpen();
	live.detach();
	try {
		await pointer.write({ path: copy.path, createdAtMs });
	} catch (thrown) {
		if (!(await isLiveOnDisk(context, copy.path))) {
			copy.connection.handle.close();
			pool.discard(copy.path);
			reopenOld(context, wasOpen ? oldPath : null);
			throw toAppError(thrown);
		}
	}
	live.adopt(copy.path, copy.connection);
	// Secured before the switch as a verified restore point or a raw copy.
	if (oldPath !== null && oldPath !== copy.path) pool.discard(oldPath);
};

const isLiveOnDisk = async ({ pointer, log }: NotebookContext, path: string): Promise<boolean> => {
	try {
		const state = await pointer.read();
		return state.kind === 'found' && state.record.path === path;
	} catch (thrown) {
		log.error('The pointer to the live file cannot be read after a failed write');
		const message =
			'Storage failed in the middle of the switch. Reload: the old notebook or the restored one opens, whole.';
		throw new AppError('restore-failed', message, {}, { cause: thrown });
	}
};

const reopenOld = ({ live }: NotebookContext, path: string | null): void => {
	if (path === null) return;
	live.attach(path);
	toOwnDatabase(live.connection());
};
