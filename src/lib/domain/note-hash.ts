import { toHex } from '$lib/shared/bytes';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Note } from './note';

const encoder = new TextEncoder();

/** Every field of a note as bytes: what its hash is taken over. */
export const noteBytes = (note: Note): Uint8Array<ArrayBuffer> =>
	encoder.encode(
		JSON.stringify([
			note.id,
			note.title,
			note.body,
			note.tags,
			note.path,
			note.pinned,
			note.createdAtMs,
			note.updatedAtMs,
			note.trashedAtMs
		])
	);

/** SHA-256 over every field of a note, kept beside it: a letter that changed on disk is then found. */
export const noteHash = (note: Note): string => toHex(sha256(noteBytes(note)));
