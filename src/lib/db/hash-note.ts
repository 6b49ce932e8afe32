import { noteBytes } from '$lib/domain/note-hash';
import type { Note } from '$lib/domain/note';
import { toHex } from '$lib/shared/bytes';

/**
 * `noteHash` by the browser's own SHA-256: twenty times as fast, but asynchronous, so not for use
 * inside a transaction.
 */
export const hashNote = async (note: Note): Promise<string> =>
	toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', noteBytes(note))));
