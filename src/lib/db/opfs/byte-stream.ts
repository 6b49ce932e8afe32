import { mebibyte, toHex } from '$lib/shared/bytes';
import { createPacer } from '$lib/shared/pacer';
import { sha256 } from '@noble/hashes/sha2.js';

export type Bytes = Uint8Array<ArrayBuffer>;
export type ByteStream = ReadableStream<Bytes>;

/** Nothing is read ahead: what waits in memory is one slice. */
const onDemand = { highWaterMark: 0 };

/** Slices read by `read` one after the other. */
export const sliceStream = (
	sizeBytes: number,
	read: (offset: number, length: number) => Bytes | Promise<Bytes>
): ByteStream => {
	let offset = 0;
	return new ReadableStream<Bytes>(
		{
			async pull(controller) {
				if (offset >= sizeBytes) {
					controller.close();
					return;
				}
				const bytes = await read(offset, Math.min(mebibyte, sizeBytes - offset));
				offset += bytes.byteLength;
				controller.enqueue(bytes);
			}
		},
		onDemand
	);
};

/** By slices: `Blob.stream` was seen to end early without an error (RELIABILITY.md 3.1). */
export const blobStream = (blob: Blob): ByteStream =>
	sliceStream(blob.size, async (offset, length) => {
		const bytes = new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
		if (bytes.byteLength !== length)
			throw new DOMException('a read came out short', 'UnknownError');
		return bytes;
	});

/** Reads a stream to its end. The thread stays open for others, and a failure ends the source too. */
export const drain = async (stream: ByteStream, sink: (bytes: Bytes) => unknown): Promise<void> => {
	const reader = stream.getReader();
	const breathe = createPacer();
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) return;
			await sink(value);
			await breathe();
		}
	} catch (thrown) {
		await reader.cancel(thrown).catch(() => undefined); // The first failure is the one to report.
		throw thrown;
	}
};

export interface Metered {
	readonly stream: ByteStream;
	/** SHA-256 of what came through; only after the end. */
	readonly sha256: () => string;
}

/** The same bytes, hashed on their way. */
export const meter = (stream: ByteStream): Metered => {
	const hash = sha256.create();
	const through = new TransformStream<Bytes, Bytes>({
		transform(bytes, controller) {
			hash.update(bytes);
			controller.enqueue(bytes);
		}
	});
	return { stream: stream.pipeThrough(through), sha256: () => toHex(hash.digest()) };
};

export const hashStream = async (stream: ByteStream): Promise<string> => {
	const hash = sha256.create();
	await drain(stream, (bytes) => hash.update(bytes));
	return toHex(hash.digest());
};

/** The first bytes of a stream, and the stream as if nothing had been read. */
export const peek = async (
	stream: ByteStream,
	length: number
): Promise<{ readonly head: Bytes; readonly stream: ByteStream }> => {
	const reader = stream.getReader();
	const taken: Bytes[] = [];
	let size = 0;
	let ended = false;
	while (size < length && !ended) {
		const { done, value } = await reader.read();
		ended = done;
		if (value) taken.push(value);
		size += value?.byteLength ?? 0;
	}
	const head = new Uint8Array(size);
	let at = 0;
	for (const bytes of taken) {
		head.set(bytes, at);
		at += bytes.byteLength;
	}
	return { head, stream: continueWith(head, reader) };
};

const continueWith = (head: Bytes, reader: ReadableStreamDefaultReader<Bytes>): ByteStream => {
	let given = head.byteLength === 0;
	return new ReadableStream<Bytes>(
		{
			async pull(controller) {
				if (!given) {
					given = true;
					controller.enqueue(head);
					return;
				}
				const { done, value } = await reader.read();
				if (done) controller.close();
				else controller.enqueue(value);
			},
			cancel: async (reason) => reader.cancel(reason)
		},
		onDemand
	);
};
