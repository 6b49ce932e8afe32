import type { StoredLog } from './device-database';

type Line = Omit<StoredLog, 'id'>;
type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const key = 'ai-notes-log-tail';

/**
 * The last lines of a page that goes: IndexedDB finishes nothing for a page that is gone, so they lie
 * here until the next page takes them. Never throws.
 */
export interface LogTail {
	leave(lines: readonly Line[]): void;
	/** What was left, once. */
	take(): readonly Line[];
}

export const createLogTail = (shelf: Shelf | undefined): LogTail => ({
	leave(lines) {
		if (lines.length === 0) return;
		try {
			shelf?.setItem(key, JSON.stringify([...read(shelf), ...lines]));
		} catch {
			// No room or no storage: these lines are lost.
		}
	},
	take() {
		try {
			const lines = shelf ? read(shelf) : [];
			shelf?.removeItem(key);
			return lines;
		} catch {
			return [];
		}
	}
});

const read = (shelf: Shelf): readonly Line[] => {
	const parsed: unknown = JSON.parse(shelf.getItem(key) ?? '[]');
	return Array.isArray(parsed) ? (parsed as Line[]) : [];
};
