import { noteBytes } from '$lib/domain/note-hash';
import type { Note } from '$lib/domain/note';
import { kibibyte, toHex } from '$lib/shared/bytes';
import { digest } from '$lib/shared/slice-hash';
import { sha256 } from '@noble/hashes/sha2.js';

/** Below this the call to the browser's own function takes longer than the work. */
const shortBytes = 4 * kibibyte;

/** `noteHash`, of long notes by the browser's own SHA-256, which is asynchronous: not inside a transaction. */
export const hashNote = async (note: Note): Promise<string> => hashNoteBytes(noteBytes(note));

/** The hash of a note whose `noteBytes` are there already. */
export const hashNoteBytes = async (bytes: Uint8Array): Promise<string> =>
	toHex(bytes.byteLength < shortBytes ? sha256(bytes) : await digest(bytes));
