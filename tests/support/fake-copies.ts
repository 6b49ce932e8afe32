import type { NewCopy, OutsideCopy } from '$lib/domain/outside-copy';
import type { OutsideCopyService } from '$lib/services/outside-copies';
import type { CopyFolder, CopyFolderService } from '$lib/services/copy-folder-service';
import type { RecoveryKitService } from '$lib/services/recovery-kit-service';
import type { ShareService } from '$lib/services/share-service';
import { createEmitter } from '$lib/shared/emitter';

export const aCopy = (change: Partial<OutsideCopy> = {}): OutsideCopy => ({
	id: 1,
	...aNewCopy(change),
	...change
});

export const aNewCopy = (change: Partial<NewCopy> = {}): NewCopy => ({
	name: 'ai-notes-20260512T093000Z.sqlite3',
	kind: 'manual',
	way: 'download',
	place: '',
	leftAtMs: Date.UTC(2026, 4, 12, 10),
	backupAtMs: Date.UTC(2026, 4, 12, 9, 30),
	sizeBytes: 40_960,
	sha256: 'ab'.repeat(32),
	contentHash: 'cd'.repeat(32),
	notes: 3,
	encrypted: false,
	verified: true,
	seenAtMs: null,
	removedAtMs: null,
	...change
});

/** A ledger in memory. */
export const createFakeCopies = (first: readonly OutsideCopy[]) => {
	let copies = [...first];
	const changed = createEmitter<void>();
	const change = (id: number, fields: Partial<OutsideCopy>): Promise<void> => {
		copies = copies.map((copy) => (copy.id === id ? { ...copy, ...fields } : copy));
		changed.emit();
		return Promise.resolve();
	};
	const service: OutsideCopyService = {
		list: () => Promise.resolve(copies),
		record: (copy: NewCopy) => {
			copies = [{ ...copy, id: copies.length + 1 }, ...copies];
			changed.emit();
			return Promise.resolve();
		},
		confirm: ({ id }, atMs) => change(id, { seenAtMs: atMs }),
		markRemoved: ({ id }, atMs) => change(id, { removedAtMs: atMs }),
		onChanged: changed.subscribe
	};
	return { service, all: () => copies };
};

export const noSharing: ShareService = {
	available: false,
	share: () => Promise.reject(new Error('not here'))
};

const noFolder: CopyFolder = { supported: true, name: null, permission: null, last: null };

/** No folder was chosen. */
export const noCopyFolder: CopyFolderService = {
	state: () => Promise.resolve(noFolder),
	choose: () => Promise.resolve(noFolder),
	renew: () => Promise.resolve(noFolder),
	forget: () => Promise.resolve(noFolder),
	copy: () => Promise.reject(new Error('no folder')),
	find: () => Promise.resolve(null),
	follow: () => Promise.resolve(),
	onChanged: () => () => undefined
};

export const noKit: RecoveryKitService = { make: () => Promise.reject(new Error('not here')) };
